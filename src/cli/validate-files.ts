import { syntaxFault } from '../components/builtin/code/compile-snippet';
import { checkDefinition, type Fault, hasErrors, parseDefinition } from '../definition';
import { builtinLookup } from './builtin-lookup';
import type { CliHost } from './cli-host';
import { type FileFault, printFaults } from './print-faults';
import { readGiven } from './read-given';

/**
 * Checks definitions offline, prints what is wrong and answers the exit code. A file that cannot be read does not keep
 * the others from being checked.
 */
export async function validateFiles(
  names: readonly string[],
  isJson: boolean,
  host: CliHost,
): Promise<number> {
  const faults: FileFault[] = [];
  const files: string[] = [];
  let isUnread = false;
  for await (const given of readGiven(names, host)) {
    const { file } = given;
    if ('problem' in given) {
      isUnread = true;
      host.err(`tenon: ${file}: ${given.problem}\n`);
      if (isJson) faults.push(unread(file, given.problem));
      continue;
    }
    files.push(file);
    faults.push(...faultsOf(given.text).map((fault) => ({ file, ...fault })));
  }
  const isValid = !isUnread && !hasErrors(faults);
  if (isJson) host.out(`${JSON.stringify({ isValid, faults }, null, 2)}\n`);
  else if (files.length > 0) host.out(printFaults(files, faults));
  if (isUnread) return 2;
  return isValid ? 0 : 1;
}

function faultsOf(text: string): Fault[] {
  const { definition, faults } = parseDefinition(text);
  if (definition === undefined) return faults;
  const found = checkDefinition(definition, builtinLookup(), {
    isOffline: true,
    compileCode: syntaxFault,
  });
  return [...faults, ...found].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

const unread = (file: string, problem: string): FileFault => ({
  file,
  code: 'unreadable_file',
  severity: 'error',
  message: `The file cannot be read: ${problem}.`,
  hint: 'Give the path of a readable file.',
  line: 1,
  column: 1,
  path: '',
});
