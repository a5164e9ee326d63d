import { LRUCache } from 'lru-cache';
import { insertNew, writeErrorsOf } from '../../store/bulk-writes';
import type { ExecutionControl } from '../../store/models/execution.model';
import type { StepResult } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';
import { inCompany } from '../in-company';
import { lookAtExecutions, type Present } from './look-at-executions';

/** Writes the journal of every execution that this process runs. */
export interface JournalWriter {
  /**
   * Resolves when the record is stored by the majority, with what was asked of the execution meanwhile.
   * Rejects with {@link FencedError} when a newer segment of it has begun, or the execution is gone. Records of a
   * segment are stored in the order of these calls: where one could not be, no later one is. It may wait so many
   * milliseconds for others.
   */
  append(record: StepResult, withinMs?: number): Promise<ExecutionControl | null>;
  /** Writes now what waits for others. */
  hurry(): void;
}

/** A newer segment of the same execution is at work, or the execution was deleted: this one must stop. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

const MAX_GROUP = 500;
/**
 * The epochs are read while the records are written, which costs no time. A newer segment begins many seconds
 * after the older one fell silent, so only a process that stood still meanwhile has to look again.
 */
const LOOK_AGAIN_AFTER_MS = 1000;

const MOST_REMEMBERED = 10_000;

export function createJournalWriter(store: Store): JournalWriter {
  const look = lookAtExecutions(store);

  const write = async (records: StepResult[]): Promise<(Error | ExecutionControl | null)[]> => {
    const startedMs = Date.now();
    const [errors, atOnce] = await Promise.all([
      writeRecords(store, records),
      look(records, { isFresh: false }),
    ]);
    const stoodStill = Date.now() - startedMs > LOOK_AGAIN_AFTER_MS;
    const present = stoodStill ? await look(records, { isFresh: true }) : atOnce;
    return records.map((record, at) => errors[at] ?? controlOf(record, present.get(record.executionId)));
  };

  /** One group at a time, so that a group sees what became of those before it. */
  const commit = groupCommit<StepResult, ExecutionControl | null>(
    { maxItems: MAX_GROUP, sourceOf: ({ executionId }) => executionId },
    (records) => inOrder(records, write),
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
  write: (records: StepResult[]) => Promise<(Error | ExecutionControl | null)[]>,
): Promise<(Error | ExecutionControl | null)[]> {
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

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function controlOf(record: StepResult, present: Present | undefined): ExecutionControl | null | FencedError {
  if (!present) return new FencedError('The execution is gone.');
  if (present.epoch > record.epoch) return fenced();
  return present.control ?? null;
}

const fenced = () => new FencedError('A newer segment of this execution is at work.');

async function writeRecords(store: Store, records: StepResult[]): Promise<(Error | undefined)[]> {
  // In the first epoch no record can be there, unless this very write was answered too late.
  const { collection } = store.stepResults;
  const isFirst = records.every(({ epoch }) => epoch === 1);
  if (isFirst && (await insertNew(collection, records))) return [];
  // An upsert whose filter misses because a newer epoch wrote the record tries to insert, and collides.
  const operations = records.map((record) => ({
    replaceOne: {
      filter: { _id: record._id, epoch: { $lte: record.epoch } },
      replacement: record,
      upsert: true,
    },
  }));
  try {
    await collection.bulkWrite(operations as never[], { ordered: false });
    return [];
  } catch (error) {
    const faults = writeErrorsOf(error);
    return records.map((_record, at) => {
      const code = faults.get(at);
      if (code === undefined) return undefined;
      return code === 11_000 ? fenced() : (error as Error);
    });
  }
}
