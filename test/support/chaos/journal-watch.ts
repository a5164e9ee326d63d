import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../../src/store/store';
import { flowKind, recordName } from './flows';
import { stepOf } from './judge-calls';
import type { Ledger } from './ledger';

const LOOK_EVERY_MS = 250;

/** Reads the journal of all executions again and again, until each has ended and was read once more. */
export class JournalWatch {
  /** When each step that calls the service was first read as finished, by the clock of `performance.now()`. */
  readonly seenMs = new Map<string, number>();
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #isRead = new Set<string>();
  #isStopped = false;

  constructor(store: Store, ledger: Ledger) {
    this.#store = store;
    this.#ledger = ledger;
    void this.#watch();
  }

  /** Reads once. Rejects while MongoDB is away. */
  async look(): Promise<void> {
    const due = this.#ledger.deliveries.filter(
      ({ key, executionId }) => executionId !== null && !this.#isRead.has(key),
    );
    const byExecution = new Map(due.map((delivery) => [delivery.executionId, delivery]));
    const hadEnded = due.filter(({ endedMs }) => endedMs !== null);
    // What the majority has is there for good: a record that a crash may take back does not count as finished.
    const records = await this.#store.stepResults
      .find({ executionId: { $in: [...byExecution.keys()] } }, { executionId: 1, stepKey: 1, loopPath: 1 })
      .read('primary')
      .readConcern('majority')
      .lean();
    const nowMs = performance.now();
    for (const record of records) {
      const { key, flow } = byExecution.get(record.executionId)!;
      const place = flowKind(flow).calls.indexOf(recordName(record));
      const step = stepOf({ key, place });
      if (place >= 0 && !this.seenMs.has(step)) this.seenMs.set(step, nowMs);
    }
    for (const { key } of hadEnded) this.#isRead.add(key);
  }

  /** Whether the journals of all that was acknowledged were read after their end. */
  hasReadAll(): boolean {
    return this.#ledger.deliveries.every(
      ({ key, executionId }) => executionId === null || this.#isRead.has(key),
    );
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
