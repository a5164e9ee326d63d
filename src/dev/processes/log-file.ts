import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';

/** Bytes in a log file; 0 when there is none. */
export function logSize(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/** Puts a log that has grown past `maxBytes` aside as `<file>.1`, in place of an older one. */
export function trimLog(file: string, maxBytes: number): void {
  if (logSize(file) > maxBytes) renameSync(file, `${file}.1`);
}

/** The last line written since `start`, cut to 300 characters; for a JSON line, its message. */
export function lastLogLine(file: string, start: number): string {
  const size = logSize(file);
  const from = Math.max(start, size - 16_384);
  if (size <= from) return '';
  const buffer = Buffer.alloc(size - from);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, buffer, 0, buffer.length, from);
  } finally {
    closeSync(handle);
  }
  const lines = buffer.toString('utf8').split('\n');
  const line = lines.map((each) => each.trim()).findLast((each) => isTelling(each)) ?? '';
  return messageOf(line).slice(0, 300);
}

/** Stack frames and Node's closing version line say little. */
function isTelling(line: string): boolean {
  return (
    line !== '' && !line.startsWith('at ') && !/^Node\.js v[\d.]+$/.test(line) && !/^[{}\]]+$/.test(line)
  );
}

function messageOf(line: string): string {
  try {
    const row = JSON.parse(line) as { msg?: unknown; err?: { message?: unknown } };
    const parts = [row.msg, row.err?.message].filter((part) => typeof part === 'string' && part !== '');
    return parts.length === 0 ? line : parts.join(': ');
  } catch {
    return line;
  }
}
