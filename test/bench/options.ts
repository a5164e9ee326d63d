import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevError, reasonOf } from '../../src/dev/dev-error';
import { WORKS, type Work } from './works/works';

/** What was asked for on the command line and in the environment. */
export interface BenchOptions {
  isHelp: boolean;
  works: Work[];
  /** File for the figures as JSON. */
  jsonFile: string | undefined;
  /** Length of one load. */
  seconds: number;
}

const DEFAULT_SECONDS = 10;

export const HELP = `Usage: npm run bench -- [work …] [--json FILE]

Loads the built product and a plain Temporal workflow that makes the same calls, on servers of its own.

${WORKS.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n')}

Without names all run but W3-http, in less than 20 minutes on two cores.

  --json FILE   also write the figures to FILE
  --help        this text

Environment
  TENON_BENCH_SECONDS   length of one load (${DEFAULT_SECONDS}); shorter ones shrink BURST too
  TENON_RUNNERS, TENON_WORKER_SLOTS and the other settings of API and worker
`;

/** Reads flags and variables. Throws one sentence for a fault. */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): BenchOptions {
  const { values, positionals } = parse(argv);
  const seconds = Number(env['TENON_BENCH_SECONDS'] || DEFAULT_SECONDS);
  if (!(seconds >= 1 && seconds <= 600))
    throw new DevError('TENON_BENCH_SECONDS wants a number of 1 to 600.');
  return {
    isHelp: values.help === true,
    works: positionals.length === 0 ? WORKS.filter(({ isOptional }) => !isOptional) : positionals.map(workOf),
    // npm goes to the checkout and leaves word of where it was called.
    jsonFile: values.json === undefined ? undefined : resolve(env['INIT_CWD'] || process.cwd(), values.json),
    seconds,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new DevError(`${reasonOf(error).replace(/\.? *To specify.*$/, '')}; --help lists the options.`);
  }
}

function workOf(name: string): Work {
  const found = WORKS.find((work) => work.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new DevError(`There is no work "${name}"; there are ${WORKS.map((work) => work.name).join(', ')}.`);
}
