import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkDefinition, type Fault, hasErrors, parseDefinition } from '../definition';
import { builtinLookup } from './builtin-lookup';
import type { CliHost } from './cli-host';
import { type FileFault, printFaults } from './print-faults';

/** Bytes; far more than a definition may have characters. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Checks definitions offline, prints what is wrong and answers the exit code. */
export async function validateFiles(
  files: readonly string[],
  isJson: boolean,
  host: CliHost,
): Promise<number> {
  const faults: FileFault[] = [];
  for (const file of files) {
    const text = await readText(resolve(host.cwd, file));
    if ('problem' in text) {
      host.err(`tenon: ${file}: ${text.problem}\n`);
      return 2;
    }
    faults.push(...faultsOf(text.text).map((fault) => ({ file, ...fault })));
  }
  const isValid = !hasErrors(faults);
  if (isJson) host.out(`${JSON.stringify({ isValid, faults }, null, 2)}\n`);
  else host.out(printFaults(files, faults));
  return isValid ? 0 : 1;
}

function faultsOf(text: string): Fault[] {
  const { definition, faults } = parseDefinition(text);
  if (definition === undefined) return faults;
  const found = checkDefinition(definition, builtinLookup(), { isOffline: true });
  return [...faults, ...found].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

async function readText(path: string): Promise<{ text: string } | { problem: string }> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) return { problem: `it has ${size} bytes, which no definition has` };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { problem: 'there is no such file' };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: 'it is no UTF-8 text' };
    return { problem: message };
  }
}
