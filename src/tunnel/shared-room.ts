/** A stream may have so much on its way from the beginning, and always: whatever others hold, it goes on. */
export const OWN_BYTES = 8 * 1024;
/** The most that one stream may have on its way. */
export const MOST_WINDOW_BYTES = 512 * 1024;
/** What the streams of one session may have on their way besides, all together. */
const SHARED_BYTES = 2 * 1024 * 1024;

/**
 * Memory for what the streams of a session have received and nobody has taken yet. Each takes half of what it could
 * have at most, so that as many as are in use get equal shares, and something is left for the next one.
 */
export class SharedRoom {
  #leftBytes = SHARED_BYTES;

  /** A stream's new share, of at least `neededBytes`, in place of the one that it has. */
  share(hadBytes: number, neededBytes: number): number {
    const free = this.#leftBytes + hadBytes;
    const bytes = Math.max(neededBytes, Math.min(MOST_WINDOW_BYTES - OWN_BYTES, Math.floor(free / 2)));
    this.#leftBytes = free - bytes;
    return bytes;
  }

  giveBack(bytes: number): void {
    this.#leftBytes += bytes;
  }
}
