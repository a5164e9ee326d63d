import type { Progress } from './progress';

/** Something that was started and must be ended. */
interface Stoppable {
  /** Lower stops first; equals stop together. */
  order: number;
  stop(): Promise<void>;
  /** Ends it without waiting. */
  kill(): void;
}

/** npm passes a terminal's Ctrl-C on, so that one press may arrive twice. */
const SAME_PRESS_MS = 700;

/**
 * Ends what was started, in order, whatever the reason: a signal, a failure, or the end of the work. The first
 * signal drains; a second one ends everything at once.
 */
export class Shutdown {
  readonly #stoppables: Stoppable[] = [];
  readonly #abort = new AbortController();
  readonly #progress: Progress;
  #signalledAt: number | undefined;
  #done: Promise<void> | undefined;

  constructor(progress: Progress) {
    this.#progress = progress;
    // Whoever waits for the signal of this controller has handlers of its own.
    this.#abort.signal.addEventListener('abort', () => undefined);
  }

  /** Aborts when stopping was asked for: long work gives up then. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether a signal asked for the end. */
  get wasSignalled(): boolean {
    return this.#signalledAt !== undefined;
  }

  add(stoppable: Stoppable): void {
    this.#stoppables.push(stoppable);
  }

  /** Call it for SIGINT, SIGTERM and SIGHUP. */
  onSignal(exit: (code: number) => void): void {
    const now = Date.now();
    if (this.#signalledAt === undefined) {
      this.#signalledAt = now;
      this.#progress.note('Stopping; once more to end everything at once.');
      this.request(new Error('interrupted'));
    } else if (now - this.#signalledAt > SAME_PRESS_MS) {
      for (const each of this.#stoppables) each.kill();
      exit(130);
    }
  }

  /** Asks for the end, for instance when a server cannot be brought back. */
  request(reason: Error): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(reason);
  }

  /** Resolves with the reason once the end was asked for. */
  requested(): Promise<Error> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      if (signal.aborted) resolve(signal.reason as Error);
      signal.addEventListener('abort', () => resolve(signal.reason as Error), { once: true });
    });
  }

  /** Stops everything in order. Safe to call twice. */
  stopAll(): Promise<void> {
    this.#done ??= this.#stopInOrder();
    return this.#done;
  }

  async #stopInOrder(): Promise<void> {
    const orders = [...new Set(this.#stoppables.map((each) => each.order))].sort((a, b) => a - b);
    for (const order of orders) {
      const group = this.#stoppables.filter((each) => each.order === order);
      await Promise.allSettled(group.map((each) => each.stop()));
    }
  }
}
