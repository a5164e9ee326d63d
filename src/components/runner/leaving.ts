import type { RunnerProcess } from './runner-process';

/** So long a pool keeps a process that another one waits for: starting one takes a part of a second. */
const KEPT_FOR_MS = 2_000;
/** So long a process that should give way takes no calls; then another one may start beside it. */
const LEAVE_LIMIT_MS = 5_000;

interface Asked {
  /** The pool that waits. */
  heir: string;
  /** When it was asked, on the monotonic clock. */
  at: number;
  /** The last one of the calls that it had. */
  lastId: number;
  isHeld: boolean;
}

/**
 * Processes of separate pools that were asked to make room for another pool. One that is not done in time is held: it takes
 * calls of its pool again, and does not count as room that is taken, until the calls are done that it had when it was asked.
 */
export class Leaving {
  readonly #asked = new Map<RunnerProcess, Asked>();

  /** It takes no calls at present. One that its own pool wants to be rid of, since it does not answer, may answer again. */
  isClosed(runner: RunnerProcess): boolean {
    const asked = this.#asked.get(runner);
    return asked !== undefined && !asked.isHeld && asked.heir !== runner.pool;
  }

  /** Calls go on in it for longer than others wait. */
  isHeld(runner: RunnerProcess): boolean {
    return this.#asked.get(runner)?.isHeld === true;
  }

  /** Asks one of some processes, unless one was asked for that pool a moment ago: its own, else the least busy. */
  ask(heir: string, runners: readonly RunnerProcess[]): void {
    if ([...this.#asked.values()].some((one) => one.heir === heir && !one.isHeld)) return;
    const now = performance.now();
    const [least] = runners
      .filter((runner) => !this.#asked.has(runner) && now - runner.readyAt > KEPT_FOR_MS)
      .sort((a, b) => {
        const isOwn = Number(b.pool === heir) - Number(a.pool === heir);
        return isOwn || a.calls.size - b.calls.size || a.readyAt - b.readyAt;
      });
    if (least === undefined) return;
    const lastId = Math.max(0, ...least.calls.keys());
    this.#asked.set(least, { heir, at: now, lastId, isHeld: false });
  }

  forget(runner: RunnerProcess): void {
    this.#asked.delete(runner);
  }

  /** Notes who is held by now and who no longer is. Only so room comes without an event: serve those that wait, then. */
  look(): void {
    const now = performance.now();
    for (const [runner, asked] of this.#asked) {
      if (now - asked.at < LEAVE_LIMIT_MS) continue;
      asked.isHeld = [...runner.calls.keys()].some((id) => id <= asked.lastId);
      if (!asked.isHeld) this.#asked.delete(runner);
    }
  }
}
