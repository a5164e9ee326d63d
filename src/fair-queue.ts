/** Items that wait, in order of arrival for each customer. */
export class FairQueue<T> {
  /** The customer whose turn is next comes first: a Map keeps the order of insertion. */
  readonly #lines = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(customer: string, item: T): void {
    const line = this.#lines.get(customer);
    if (line) line.push(item);
    else this.#lines.set(customer, [item]);
    this.#size += 1;
  }

  /**
   * Takes at most `most` items, one of each customer in turn, and of each customer at most what `roomOf`
   * grants it; `waiting` is how many the customer has in line. Who was served goes behind the others.
   */
  take(most: number, roomOf: (customer: string, waiting: number) => number): T[] {
    const taken: T[] = [];
    const turns = [...this.#lines].map(([customer, line]) => ({
      customer,
      line,
      room: Math.min(roomOf(customer, line.length), line.length),
      count: 0,
    }));
    for (let round = turns; taken.length < most; ) {
      round = round.filter(({ room, count }) => count < room);
      if (round.length === 0) break;
      for (const turn of round.slice(0, most - taken.length)) {
        taken.push(turn.line[turn.count]!);
        turn.count += 1;
      }
    }
    for (const turn of turns) if (turn.count > 0) this.#serve(turn.customer, turn.line, turn.count);
    this.#size -= taken.length;
    return taken;
  }

  /** Takes out whatever matches. */
  remove(matches: (item: T) => boolean): T[] {
    const removed: T[] = [];
    for (const [customer, line] of this.#lines) {
      const rest = line.filter((item) => !matches(item));
      if (rest.length === line.length) continue;
      removed.push(...line.filter(matches));
      if (rest.length > 0) this.#lines.set(customer, rest);
      else this.#lines.delete(customer);
    }
    this.#size -= removed.length;
    return removed;
  }

  #serve(customer: string, line: T[], count: number): void {
    line.splice(0, count);
    this.#lines.delete(customer);
    if (line.length > 0) this.#lines.set(customer, line);
  }
}
