import { FairQueue } from '../../fair-queue';
import type { Call } from './call';
import { mayHaveMore, mostProcesses } from './fair-share';

/** Who runs alone for so long keeps the process, and gives the turn to the next one. */
const TURN_MS = 5_000;

/** Gives a call a process that has no other; what it returns gives that back, once. */
type Begin = (call: Call) => () => void;

interface Running {
  customer: string;
  giveBack: () => void;
  /** Ends its turn; undefined when that is over. */
  timer: NodeJS.Timeout | undefined;
}

/**
 * Who runs in a process that has no other call, and who waits for that. So many begin at a time as there are turns, one of
 * each customer in turn; a turn ends with its call, or after {@link TURN_MS}. A customer whose calls go on for
 * longer has {@link mayHaveMore} of all processes.
 */
export class LoneTurns {
  readonly #turns: number;
  readonly #begin: Begin;
  readonly #waiting = new FairQueue<Call>();
  readonly #running = new Map<Call, Running>();

  constructor(turns: number, begin: Begin) {
    this.#turns = turns;
    this.#begin = begin;
  }

  /** Runs a call alone, now or later; again, when its process died before it began. */
  add(call: Call): void {
    if (call.isSettled) return;
    this.#end(call);
    this.#waiting.push(customerOf(call), call);
    const next = () => {
      this.#end(call);
      this.#next();
    };
    call.outcome.then(next, next);
    this.#next();
  }

  /** Nothing begins any more; gives those that waited. */
  close(): Call[] {
    for (const { timer } of this.#running.values()) clearTimeout(timer);
    return this.#waiting.remove(() => true);
  }

  #next(): void {
    while ([...this.#running.values()].filter(({ timer }) => timer).length < this.#turns) {
      const call = this.#take();
      if (call === undefined) return;
      const timer = setTimeout(() => this.#endTurn(call), TURN_MS);
      this.#running.set(call, { customer: customerOf(call), giveBack: this.#begin(call), timer });
    }
  }

  #take(): Call | undefined {
    this.#waiting.remove(({ isSettled }) => isSettled);
    const running = [...this.#running.values()];
    const left = mostProcesses(this.#turns) - running.length;
    const roomOf = (customer: string): number => {
      const own = running.filter((one) => one.customer === customer).length;
      return mayHaveMore(own, left) ? 1 : 0;
    };
    return this.#waiting.take(1, roomOf)[0];
  }

  #endTurn(call: Call): void {
    const running = this.#running.get(call);
    if (running !== undefined) running.timer = undefined;
    this.#next();
  }

  #end(call: Call): void {
    const running = this.#running.get(call);
    clearTimeout(running?.timer);
    this.#running.delete(call);
    running?.giveBack();
  }
}

const customerOf = ({ options }: Call): string => options.customer ?? options.pool ?? '';
