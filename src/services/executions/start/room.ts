/** Executions that one process lets be at work at once, whatever they do. */
const MOST_OPEN = 2000;
/** Those of them that began lately and so want the processor; the others wait for slow calls. */
const MOST_FRESH = 200;
/** An execution that takes longer counts as slow. */
const FRESH_MS = 1000;
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

  /** `onAge` is called when an execution stops counting as fresh, and so makes room. */
  constructor(onAge: () => void = () => undefined) {
    this.#onAge = onAge;
  }

  /** Executions that began within the last second and are at work. */
  get fresh(): number {
    return this.#freshCount;
  }

  /** How many more of this customer's executions may start now. */
  left(customer: string): number {
    const open = share(MOST_OPEN, this.#open.size, this.#openBy.get(customer) ?? 0);
    const fresh = share(MOST_FRESH, this.#freshCount, this.#freshBy.get(customer) ?? 0);
    return Math.min(open, fresh);
  }

  enter(executionId: string, customer: string): void {
    const open = { customer, isFresh: true };
    this.#open.set(executionId, open);
    add(this.#openBy, customer, 1);
    add(this.#freshBy, customer, 1);
    this.#freshCount += 1;
    setTimeout(() => {
      this.#age(open);
      this.#onAge();
    }, FRESH_MS).unref();
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
