/** Who comes so soon behind the end of another's execution follows it, ms. */
const SOON_MS = 100;

/**
 * Tells when callers who wait for their answers follow each other. Such a caller pays for each start with its own time, and the
 * next one will come, so a batch is worth its workflow before two are there at once.
 */
export class Succession {
  readonly #awaited = new Set<string>();
  #endedMs = Number.NEGATIVE_INFINITY;

  /** Whether the execution of a caller who waits ended a moment ago. */
  get isOn(): boolean {
    return performance.now() - this.#endedMs < SOON_MS;
  }

  /** A caller waits for this execution, which is at work from now on. */
  enter(executionId: string): void {
    this.#awaited.add(executionId);
  }

  /** It has ended, or does nothing for now. */
  leave(executionId: string): void {
    if (this.#awaited.delete(executionId)) this.#endedMs = performance.now();
  }
}
