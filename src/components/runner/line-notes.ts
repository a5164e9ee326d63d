import { writeSync } from 'node:fs';
import type { RunnerLogLine } from './contract';
import { FULL_BYTES, HEADER_BYTES, LONGEST_BYTES } from './line-log';

/** File descriptor of the log of lines in a runner, beside that of the starts on 4. */
const LINE_LOG_FD = 5;

// Taken before component code can replace them.
const write = writeSync;
const { stringify } = JSON;

/** In a runner: its log lines of foreign code, each in a `LineLog` until the outbox has sent it. */
export class LineNotes {
  readonly #fd: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  readonly #none = Buffer.alloc(HEADER_BYTES);
  readonly #text = Buffer.alloc(LONGEST_BYTES + HEADER_BYTES);
  #count = 0;
  #end = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The outbox has to send what it holds, so that there is room again. */
  get isFull(): boolean {
    return this.#end >= FULL_BYTES;
  }

  /** Notes a line of a call, and gives its number. */
  add(id: number, { timestamp, severity, message }: RunnerLogLine): number {
    this.#count += 1;
    // Its number at both ends: a record that is written over while it is read has two.
    const text = stringify([this.#count, id, Number(timestamp), severity, message, this.#count]);
    const length = this.#text.write(text, 0, LONGEST_BYTES);
    this.#text.writeUInt32LE(0, length);
    this.#header.writeUInt32LE(length);
    try {
      write(this.#fd, this.#text, 0, length + HEADER_BYTES, this.#end + HEADER_BYTES);
      // Last: a reader sees nothing or the whole record, with the end of the log behind it.
      write(this.#fd, this.#header, 0, HEADER_BYTES, this.#end);
      this.#end += HEADER_BYTES + length;
    } catch {
      // No memory is left, or code closed the file: the line has to go at once.
      this.#end = FULL_BYTES;
    }
    return this.#count;
  }

  /** All that is noted was sent. */
  clear(): void {
    if (this.#end === 0) return;
    this.#end = 0;
    try {
      write(this.#fd, this.#none, 0, HEADER_BYTES, 0);
    } catch {
      // As above; the parent tells no line twice.
    }
  }
}

/** Those of this process. */
export const lineNotes = new LineNotes(LINE_LOG_FD);
