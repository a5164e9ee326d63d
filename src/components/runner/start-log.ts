import { closeSync, readSync, writeSync } from 'node:fs';
import { openMemoryFile } from './memory-file';

/**
 * A file without a name in which a runner notes each call before its code runs, and which its parent reads when
 * it needs to know. A message would not do: code may block or end the process before it is out. A note
 * costs 2 microseconds and wakes nobody.
 */

/** File descriptor of the log in a runner, beside the channel on 3. */
export const START_LOG_FD = 4;

/** A note is its number from 1, the call's id and the time (ms since 1970): three doubles. */
const NOTE_BYTES = 24;
/** Kept notes; the file is a ring. */
const NOTES = 4096;
/** Behind the ring: the highest id of the calls that the parent wants back, a double; nothing while there is none. */
const WITHDRAWN_AT = NOTES * NOTE_BYTES;

const write = writeSync;
const read = readSync;
const now = Date.now;
const note = Buffer.alloc(NOTE_BYTES);
const withdrawn = Buffer.alloc(8);
let count = 0;

/** In a runner: notes that the code of a call begins; gives false when it must not, since the parent took it back. */
export function noteStart(id: number): boolean {
  note.writeDoubleLE(count + 1, 0);
  note.writeDoubleLE(id, 8);
  note.writeDoubleLE(now(), 16);
  write(START_LOG_FD, note, 0, NOTE_BYTES, (count % NOTES) * NOTE_BYTES);
  count += 1;
  // Behind the note: whoever of the two comes second sees what the other one did.
  return read(START_LOG_FD, withdrawn, 0, 8, WITHDRAWN_AT) < 8 || id > withdrawn.readDoubleLE(0);
}

/** In the parent: the log of one runner. */
export class StartLog {
  readonly fd: number;
  #next = 1;
  #isOpen = true;

  constructor(name: string) {
    this.fd = openMemoryFile(`starts-${name}`);
  }

  /** Calls `onStart` for each note since the last time; gives false when notes were lost meanwhile. */
  read(onStart: (id: number, atMs: number) => void): boolean {
    const bytes = Buffer.alloc(64 * NOTE_BYTES);
    while (this.#isOpen) {
      const slot = (this.#next - 1) % NOTES;
      const wanted = Math.min(64, NOTES - slot) * NOTE_BYTES;
      const length = readSync(this.fd, bytes, 0, wanted, slot * NOTE_BYTES);
      for (let at = 0; at + NOTE_BYTES <= length; at += NOTE_BYTES) {
        const number = bytes.readDoubleLE(at);
        if (number > this.#next) {
          this.#next = number;
          return false;
        }
        if (number < this.#next) return true;
        onStart(bytes.readDoubleLE(at + 8), bytes.readDoubleLE(at + 16));
        this.#next += 1;
      }
      if (length < wanted) return true;
    }
    return true;
  }

  /** Takes back all calls up to an id that have not begun: those without a note when {@link read} is next called. */
  withdraw(upToId: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(upToId, 0);
    writeSync(this.fd, bytes, 0, 8, WITHDRAWN_AT);
  }

  close(): void {
    if (this.#isOpen) closeSync(this.fd);
    this.#isOpen = false;
  }
}
