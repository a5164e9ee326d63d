import { parseArgs } from 'node:util';
import { agentCommand } from './agent-command';
import type { CliHost } from './cli-host';
import { validateFiles } from './validate-files';

const USAGE = `Usage: npm run --silent tenon -- validate [--json] FILE…
       npm run --silent tenon -- agent --help

Checks definitions of integrations without a server and shows every fault with its place, its code and what to do.
A FILE may be a folder, of which all .yml and .yaml files are checked, or - for standard input.
Components that are not built in cannot be looked up; what uses them is warned of and not checked.

  --json   One JSON object: isValid, and faults with file, line, column, severity, code, message, hint, path and step.

Exit code: 0 when all definitions can be used, 1 when one has an error, 2 when the command itself is wrong or a file
cannot be read.
`;

/** Runs one command line and answers its exit code. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  if (argv[0] === 'agent') return agentCommand(argv.slice(1), host);
  let parsed: { values: { json?: boolean; help?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    host.err(`tenon: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  const [command, ...files] = parsed.positionals;
  if (parsed.values.help === true) {
    host.out(USAGE);
    return 0;
  }
  if (command !== 'validate' || files.length === 0) {
    const wrong = command === undefined ? 'no command' : `no command "${command}"`;
    host.err(`tenon: ${command === 'validate' ? 'no file is named' : `there is ${wrong}`}\n\n${USAGE}`);
    return 2;
  }
  return validateFiles(files, parsed.values.json === true, host);
}
