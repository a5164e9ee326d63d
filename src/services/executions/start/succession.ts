/** Who comes so soon behind the end of another's execution follows it, ms. */
const SOON_MS = 100;
/** So many have followed each other before the next one is expected to be followed, too. */
const LEAST_FOLLOWERS = 3;

/**
 * Tells when callers who wait for their answers follow each other. Such a caller pays for each start with its own time, and the
 * next one will come, so a batch is worth its workflow before two are there at once.
 */
export class Succession {
  readonly #awaited = new Set<string>();
  #endedMs = Number.NEGATIVE_INFINITY;
  #followers = 0;

  /** Whether who comes now is one of several that follow each other. */
  get isOn(): boolean {
    return this.#followers >= LEAST_FOLLOWERS && this.#isSoon();
  }

  /** A caller waits for this execution, which is at work from now on. */
  enter(executionId: string): void {
    this.#followers = this.#isSoon() ? this.#followers + 1 : 0;
    this.#awaited.add(executionId);
  }

  /** It has ended, or does nothing for now. */
  leave(executionId: string): void {
    if (this.#awaited.delete(executionId)) this.#endedMs = performance.now();
  }

  /** It is not at work after all. */
  withdraw(executionId: string): void {
    this.#awaited.delete(executionId);
  }

  #isSoon(): boolean {
    return performance.now() - this.#endedMs < SOON_MS;
  }
}
