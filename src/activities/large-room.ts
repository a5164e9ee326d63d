import { Mutex, Semaphore } from 'async-mutex';

/** KB of request bodies whose executions one worker walks at once; each is in memory several times over. */
const MOST_KB = 8 * 1024;

/** Room for large bodies; the customers that wait for it take turns. */
export class LargeRoom {
  readonly #room = new Semaphore(MOST_KB);
  readonly #turns = new Map<string, Mutex>();

  /** Resolves when there is room for so many KB, or for nothing else; with what gives it back. */
  async enter(customer: string, kb: number): Promise<() => void> {
    const turn = this.#turns.get(customer) ?? new Mutex();
    this.#turns.set(customer, turn);
    const passOn = await turn.acquire();
    const [, leave] = await this.#room.acquire(Math.min(kb, MOST_KB));
    // Only now: of each customer one waits among the others.
    passOn();
    if (!turn.isLocked()) this.#turns.delete(customer);
    return leave;
  }
}
