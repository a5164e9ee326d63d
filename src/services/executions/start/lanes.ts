/** Starts that are on their way or just begun; more would only queue at the server. */
const MOST = 4;
/** A start holds its lane until what it started is done, but no longer: slow executions must not. */
const HELD_FOR_MS = 150;

/** The starts that one process has on their way at once. */
export class Lanes {
  /** For each lane in use, what it waits for. */
  readonly #used = new Set<Set<string>>();
  readonly #onFree: () => void;
  #reserved = 0;

  /** `onFree` is called when a lane is given back after its time. */
  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  get free(): number {
    return MOST - this.#used.size - this.#reserved;
  }

  /** Lanes that are kept for a start that is about to come. */
  get reserved(): number {
    return this.#reserved;
  }

  reserve(): void {
    this.#reserved += 1;
  }

  cancel(): void {
    this.#reserved -= 1;
  }

  /** Takes a lane for these; gives what is to be called once their start is done. */
  take(executionIds: readonly string[]): () => void {
    const lane = new Set(executionIds);
    this.#used.add(lane);
    return () => {
      setTimeout(() => {
        if (this.#used.delete(lane)) this.#onFree();
      }, HELD_FOR_MS).unref();
    };
  }

  /** It has ended, or does nothing for now. */
  leave(executionId: string): void {
    for (const lane of this.#used) if (lane.delete(executionId) && lane.size === 0) this.#used.delete(lane);
  }
}
