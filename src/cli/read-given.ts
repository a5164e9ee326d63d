import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CliHost } from './cli-host';

/** Standard input, where a file is named. */
const STDIN = '-';
/** Bytes; far more than a definition may have characters. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Of one folder; what has more is hardly meant. */
const MAX_FILES = 1_000;
const DEFINITION = /\.ya?ml$/i;

/** A file as it is shown to people, with its text or why there is none. */
export type GivenFile = { file: string } & ({ text: string } | { problem: string });

/** Reads each file, standard input for `-`, and of a folder all `.yml` and `.yaml` files below it, in order. */
export async function* readGiven(names: readonly string[], host: CliHost): AsyncGenerator<GivenFile> {
  for (const name of names) {
    if (name === STDIN) {
      yield { file: '(standard input)', ...(await guarded(() => decoded(host.stdin()))) };
      continue;
    }
    const path = resolve(host.cwd, name);
    const found = await guarded(() => filesAt(path));
    if ('problem' in found) yield { file: name, ...found };
    else if (found.below === undefined) yield { file: name, ...(await readText(path)) };
    else
      for (const below of found.below)
        yield { file: join(name, below), ...(await readText(join(path, below))) };
  }
}

const readText = (path: string) => guarded(() => decoded(createReadStream(path)));

/** For a folder, the definitions below it; nothing for a file. */
async function filesAt(path: string): Promise<{ below: string[] | undefined } | { problem: string }> {
  if (!(await stat(path)).isDirectory()) return { below: undefined };
  const found: string[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(join(path, folder), { withFileTypes: true })) {
      const below = join(folder, entry.name);
      // Links are not followed: they may lead in circles.
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        open.push(below);
      else if (entry.isFile() && DEFINITION.test(entry.name)) found.push(below);
    }
    if (found.length > MAX_FILES)
      return { problem: `the folder has more than ${MAX_FILES} .yml and .yaml files` };
  }
  return found.length === 0
    ? { problem: 'the folder has no .yml or .yaml file' }
    : { below: found.toSorted((a, b) => (a < b ? -1 : 1)) };
}

/** The text of bytes that arrive, up to the limit: what has no end is not read to its end. */
async function decoded(source: AsyncIterable<Uint8Array>): Promise<{ text: string } | { problem: string }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return { problem: `it has more than ${MAX_BYTES} bytes, which no definition has` };
    chunks.push(chunk);
  }
  return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) };
}

async function guarded<Result>(read: () => Promise<Result>): Promise<Result | { problem: string }> {
  try {
    return await read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { problem: 'there is no such file' };
    if (code === 'EACCES' || code === 'EPERM') return { problem: 'it may not be read' };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: 'it is no UTF-8 text' };
    return { problem: message };
  }
}
