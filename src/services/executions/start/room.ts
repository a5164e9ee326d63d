import { Pressure } from './pressure';

/** Executions that one process lets be at work at once, whatever they do. */
const MOST_OPEN = 2000;
/** An execution that takes longer counts as slow: it waits for calls, and does not want the processor. */
const FRESH_MS = 1000;
/** Unless the workers are late: then everything takes long, up to so many times that. */
const MOST_SPANS = 5;
/**
 * A customer may have at most this many times as much as is left over for the others, so that something is
 * left for whoever comes next, however many want all of it. Source: dynamic thresholds for shared buffers
 * (Choudhury and Hahne, 1998).
 */
const SHARE = 3;

interface Open {
  customer: string;
  isFresh: boolean;
}

/** Counts the executions that were started here and are still at work. */
export class Room {
  readonly #open = new Map<string, Open>();
  readonly #openBy = new Map<string, number>();
  readonly #freshBy = new Map<string, number>();
  #freshCount = 0;
  readonly #onAge: () => void;
  readonly #pressure: Pressure;

  /** `onAge` is called when an execution stops counting as fresh, and so makes room. */
  constructor(onAge: () => void = () => undefined, pressure = new Pressure()) {
    this.#onAge = onAge;
    this.#pressure = pressure;
  }

  /** Executions that began within the last second and are at work. */
  get fresh(): number {
    return this.#freshCount;
  }

  /** How many more of this customer's executions may start now. */
  left(customer: string): number {
    const open = share(MOST_OPEN, this.#open.size, this.#openBy.get(customer) ?? 0);
    const fresh = share(this.#pressure.mostFresh, this.#freshCount, this.#freshBy.get(customer) ?? 0);
    return Math.min(open, fresh);
  }

  enter(executionId: string, customer: string): void {
    // Started again, since nothing came of its first start: it counts once.
    this.leave(executionId);
    const open = { customer, isFresh: true };
    this.#open.set(executionId, open);
    add(this.#openBy, customer, 1);
    add(this.#freshBy, customer, 1);
    this.#freshCount += 1;
    this.#ageLater(open, 1);
  }

  /** Answers whether it was here. */
  leave(executionId: string): boolean {
    const open = this.#open.get(executionId);
    if (!open) return false;
    this.#open.delete(executionId);
    add(this.#openBy, open.customer, -1);
    this.#age(open);
    return true;
  }

  /** The ids of those that are not fresh any more. */
  slow(): string[] {
    return [...this.#open].filter(([, { isFresh }]) => !isFresh).map(([executionId]) => executionId);
  }

  #ageLater(open: Open, span: number): void {
    setTimeout(() => {
      if (!open.isFresh) return;
      if (this.#pressure.isHigh && span < MOST_SPANS) {
        this.#ageLater(open, span + 1);
        return;
      }
      this.#age(open);
      this.#onAge();
    }, FRESH_MS).unref();
  }

  #age(open: Open): void {
    if (!open.isFresh) return;
    open.isFresh = false;
    add(this.#freshBy, open.customer, -1);
    this.#freshCount -= 1;
  }
}

function share(most: number, all: number, own: number): number {
  const free = most - all;
  return Math.max(0, Math.min(free, SHARE * free - own));
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
