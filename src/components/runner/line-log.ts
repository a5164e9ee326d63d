import { closeSync, readSync } from 'node:fs';
import type { RunnerLogLine, Severity } from './contract';
import { cutMessage } from './format-log';
import { openMemoryFile, writeOnly } from './memory-file';

/** When so much is noted, the runner sends what it holds. */
export const FULL_BYTES = 64 * 1024;
/** Of a record: a message is at most 4096 characters, each at most 6 bytes. */
export const LONGEST_BYTES = 32 * 1024;
/** Before each record: its length, or 0 behind the last one. */
export const HEADER_BYTES = 4;

const SEVERITIES: readonly unknown[] = [
  'TRACE',
  'DEBUG',
  'INFO',
  'WARN',
  'ERROR',
  'METRIC',
] satisfies Severity[];

/** A line with its number among those of its process, from 1, and the call that it belongs to. */
export interface NotedLine {
  number: number;
  id: number;
  line: RunnerLogLine;
}

/**
 * A file without a name in which a runner notes each log line of foreign code until its outbox has sent it, and which its
 * parent reads when the process is silent or has ended: the last lines before an endless loop are those that matter. A
 * note costs 4 microseconds; a message that leaves at once costs 12 in the runner and 8 in its parent.
 */
export class LineLog {
  /** For the runner, whose calls are not to read each other's lines. */
  readonly fd: number;
  readonly #fd: number;
  #isOpen = true;

  constructor(name: string) {
    this.#fd = openMemoryFile(`lines-${name}`);
    this.fd = writeOnly(this.#fd);
  }

  /** The lines that are noted now, up to the first that cannot be read: foreign code can write into the file as well. */
  read(): NotedLine[] {
    const lines: NotedLine[] = [];
    if (!this.#isOpen) return lines;
    const bytes = Buffer.allocUnsafe(FULL_BYTES + LONGEST_BYTES + 2 * HEADER_BYTES);
    const length = readSync(this.#fd, bytes, 0, bytes.length, 0);
    for (let at = 0; at + HEADER_BYTES <= length; ) {
      const from = at + HEADER_BYTES;
      const to = from + bytes.readUInt32LE(at);
      const line = from < to && to <= length ? parseLine(bytes.toString('utf8', from, to)) : undefined;
      if (line === undefined) break;
      lines.push(line);
      at = to;
    }
    return lines;
  }

  close(): void {
    if (this.#isOpen) for (const fd of new Set([this.fd, this.#fd])) closeSync(fd);
    this.#isOpen = false;
  }
}

function parseLine(json: string): NotedLine | undefined {
  try {
    const [number, id, atMs, severity, message, again] = JSON.parse(json) as unknown[];
    const timestamp = new Date(Number(atMs));
    const isSound = Number.isSafeInteger(number) && number === again && !Number.isNaN(timestamp.getTime());
    if (!isSound || typeof id !== 'number' || typeof message !== 'string' || !SEVERITIES.includes(severity))
      return undefined;
    const line = { timestamp, severity: severity as Severity, message: cutMessage(message) };
    return { number: number as number, id, line };
  } catch {
    return undefined;
  }
}
