import { FairQueue } from '../../../fair-queue';
import type { Traveller } from './departure';

/** A customer's share of what is taken from the line: how many of those that wait may go. */
export type ShareOf = (customer: string, waiting: number) => number;

/** Executions that wait to be started, each once, in one line for each customer. */
export class Line {
  readonly #queue = new FairQueue<Traveller>();
  readonly #ids = new Set<string>();

  get size(): number {
    return this.#queue.size;
  }

  has(executionId: string): boolean {
    return this.#ids.has(executionId);
  }

  push(traveller: Traveller): void {
    this.#ids.add(traveller.execution._id);
    this.#queue.push(customerOf(traveller), traveller);
  }

  /** Takes so many at most, one of each customer in turn. */
  take(most: number, shareOf: ShareOf): Traveller[] {
    return this.#left(this.#queue.take(most, shareOf));
  }

  /** Takes out whatever matches. */
  remove(matches: (traveller: Traveller) => boolean): Traveller[] {
    return this.#left(this.#queue.remove(matches));
  }

  #left(travellers: Traveller[]): Traveller[] {
    for (const { execution } of travellers) this.#ids.delete(execution._id);
    return travellers;
  }
}

/** Who shares the room fairly with others: runs without a customer are one. */
export const customerOf = ({ execution: { customerId } }: Pick<Traveller, 'execution'>): string =>
  customerId ?? '';
