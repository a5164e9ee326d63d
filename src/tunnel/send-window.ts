import { CHUNK_BYTES } from './frames';
import { MOST_WINDOW_BYTES, OWN_BYTES } from './shared-room';

/** Room that is not used for so long is given back, for streams that are at work, ms. */
const RETURN_AFTER_MS = 1000;

interface Outlet {
  /** Sends bytes, and calls back when they have left this process. */
  send(part: Buffer, onLeft: () => void): void;
  /** Tells the other side that so many bytes of room are not needed. */
  giveBack(bytes: number): void;
}

/**
 * Sends one piece of a stream after the other, only what the other side has room for, and the next one when the last
 * has left the process: what does not leave holds up its source, and many streams take turns.
 */
export class SendWindow {
  #credit = OWN_BYTES;
  #unsent: { chunk: Buffer; done: () => void } | undefined;
  #isLeaving = false;
  #returning: NodeJS.Timeout | undefined;

  constructor(private readonly outlet: Outlet) {}

  /** Calls `done` when the chunk has left the process. */
  write(chunk: Buffer, done: () => void): void {
    this.#unsent = { chunk, done };
    this.#flush();
  }

  /** The other side has more room. False when it claims more than there can be. */
  allow(bytes: number): boolean {
    this.#credit += bytes;
    if (!(this.#credit <= MOST_WINDOW_BYTES)) return false;
    this.#flush();
    return true;
  }

  close(): void {
    clearTimeout(this.#returning);
    this.#unsent = undefined;
  }

  #flush(): void {
    if (!this.#unsent) return this.#returnLater();
    if (this.#isLeaving || this.#credit === 0) return;
    const part = this.#unsent.chunk.subarray(0, Math.min(this.#credit, CHUNK_BYTES));
    this.#credit -= part.length;
    this.#isLeaving = true;
    this.outlet.send(part, () => this.#left(part.length));
  }

  #left(bytes: number): void {
    this.#isLeaving = false;
    if (!this.#unsent) return;
    const { chunk, done } = this.#unsent;
    const rest = chunk.subarray(bytes);
    this.#unsent = rest.length > 0 ? { chunk: rest, done } : undefined;
    if (rest.length === 0) done();
    this.#flush();
  }

  #returnLater(): void {
    if (this.#credit <= OWN_BYTES) return;
    this.#returning ??= setTimeout(() => {
      if (this.#unsent || this.#credit <= OWN_BYTES) return;
      this.outlet.giveBack(this.#credit - OWN_BYTES);
      this.#credit = OWN_BYTES;
    }, RETURN_AFTER_MS).unref();
    this.#returning.refresh();
  }
}
