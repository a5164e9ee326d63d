import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../../src/store/store';

/** One delivery as its sender knows it, with the end that its record shows. */
export interface Delivery {
  /** Its `Idempotency-Key`. */
  key: string;
  flow: string;
  firstSentMs: number;
  sends: number;
  /** Set when it was answered 2xx. */
  executionId: string | null;
  endedMs: number | null;
}

const LOOK_EVERY_MS = 200;

/** Keeps all deliveries, and looks at the records of those that were acknowledged until they have ended. */
export class Ledger {
  readonly deliveries: Delivery[] = [];
  readonly #store: Store;
  #isStopped = false;

  constructor(store: Store) {
    this.#store = store;
    void this.#watch();
  }

  add(key: string, flow: string): Delivery {
    const delivery = { key, flow, firstSentMs: Date.now(), sends: 0, executionId: null, endedMs: null };
    this.deliveries.push(delivery);
    return delivery;
  }

  /** Acknowledged, but not ended as of the last look. */
  open(): Delivery[] {
    return this.deliveries.filter(({ executionId, endedMs }) => executionId !== null && endedMs === null);
  }

  /** When the first delivery ended that was not sent before `ms`; undefined when none has. */
  firstEndOfThoseSentSince(ms: number): number | undefined {
    const ends = this.deliveries.flatMap(({ firstSentMs, endedMs }) =>
      firstSentMs >= ms && endedMs !== null ? [endedMs] : [],
    );
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** Looks once. Rejects while MongoDB is away. */
  async look(): Promise<void> {
    const open = new Map(this.open().map((delivery) => [delivery.executionId, delivery]));
    if (open.size === 0) return;
    const ended = await this.#store.executions
      .find({ _id: { $in: [...open.keys()] }, phase: 'ended' }, { endedAt: 1 })
      .lean();
    for (const { _id, endedAt } of ended) {
      const delivery = open.get(_id);
      if (delivery) delivery.endedMs = endedAt?.getTime() ?? Date.now();
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      await this.look().catch(() => undefined);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
