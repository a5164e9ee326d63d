import { LRUCache } from 'lru-cache';
import type { ExecutionControl } from '../../store/models/execution.model';
import type { StepResult } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';
import { inCompany } from '../in-company';
import { FencedError, newerSegment } from './fenced-error';
import { lookAtExecutions, type Present } from './look-at-executions';
import { outliveOutage } from './outlive-outage';
import { writeRecords } from './write-records';

/** Writes the journal of every execution that this process runs. */
export interface JournalWriter {
  /**
   * Resolves when the record is stored by the majority, with what was asked of the execution meanwhile.
   * Rejects with {@link FencedError} when a newer segment of it has begun, or the execution is gone. Records of a
   * segment are stored in the order of these calls: where one could not be, no later one is. It may wait so many
   * milliseconds for others, and outlives a short outage of MongoDB.
   */
  append(record: StepResult, withinMs?: number): Promise<ExecutionControl | null>;
  /** Writes now what waits for others. */
  hurry(): void;
}

/** What is asked of a record's execution, or why the record is not stored. */
type Result = ExecutionControl | null | Error;

const MAX_GROUP = 500;
/**
 * The epochs are read while the records are written, which costs no time. A newer segment begins many seconds
 * after the older one fell silent, so only a process that stood still meanwhile has to look again.
 */
const LOOK_AGAIN_AFTER_MS = 1000;

const MOST_REMEMBERED = 10_000;

export function createJournalWriter(store: Store): JournalWriter {
  const look = lookAtExecutions(store);

  const write = async (records: StepResult[], isAgain: boolean): Promise<Result[]> => {
    const startedMs = Date.now();
    // Waits for both, so that neither is still on its way when they are done again.
    const [written, looked] = await Promise.allSettled([
      writeRecords(store, records),
      look(records, { isFresh: false }),
    ]);
    const errors = valueOf(written);
    const stoodStill = isAgain || Date.now() - startedMs > LOOK_AGAIN_AFTER_MS;
    const present = stoodStill ? await look(records, { isFresh: true }) : valueOf(looked);
    return records.map((record, at) => errors[at] ?? controlOf(record, present.get(record.executionId)));
  };

  /** During the outage a newer segment may have gone far: what it does not know is not put among its records. */
  const writeAgain = async (records: StepResult[]): Promise<Result[]> => {
    const present = await look(records, { isFresh: true });
    const results = new Map(records.map((one) => [one, controlOf(one, present.get(one.executionId))]));
    const due = records.filter((record) => !(results.get(record) instanceof Error));
    const written = due.length > 0 ? await write(due, true) : [];
    for (const [at, record] of due.entries()) results.set(record, written[at] ?? null);
    return records.map((record) => results.get(record) ?? null);
  };

  const writeAtLast = (records: StepResult[]): Promise<Result[]> =>
    outliveOutage((isAgain) => (isAgain ? writeAgain(records) : write(records, false)));

  /** One group at a time, so that a group sees what became of those before it. */
  const commit = groupCommit<StepResult, ExecutionControl | null>(
    { maxItems: MAX_GROUP, sourceOf: ({ executionId }) => executionId },
    (records) => inOrder(records, writeAtLast),
  );
  const { add, hurry } = inCompany(commit);
  return { append: (record, withinMs = 0) => add(record, withinMs), hurry };
}

/** Segments one of whose records could not be stored, with the reason. */
const broken = new LRUCache<string, Error>({ max: MOST_REMEMBERED });
const segmentOf = ({ executionId, epoch }: StepResult): string => `${executionId}/${epoch}`;

/** Writes the records of the segments that have none before them which could not be stored. */
async function inOrder(
  records: StepResult[],
  write: (records: StepResult[]) => Promise<Result[]>,
): Promise<Result[]> {
  const due = records.filter((record) => !broken.has(segmentOf(record)));
  const results =
    due.length > 0 ? await write(due).catch((error: unknown) => due.map(() => asError(error))) : [];
  for (const [at, record] of due.entries()) {
    const result = results[at];
    if (result instanceof Error) broken.set(segmentOf(record), result);
  }
  const byRecord = new Map(due.map((record, at) => [record, results[at] ?? null]));
  return records.map((record) => byRecord.get(record) ?? broken.get(segmentOf(record)) ?? null);
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function controlOf(record: StepResult, present: Present | undefined): Result {
  if (!present) return new FencedError('The execution is gone.');
  if (present.epoch > record.epoch) return newerSegment();
  return present.control ?? null;
}
