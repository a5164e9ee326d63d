import { insertNew, writeErrorsOf } from '../../store/bulk-insert';
import type { Execution, ExecutionControl } from '../../store/models/execution.model';
import type { StepResult } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';

/** Writes the journal of every execution that this process runs. */
export interface JournalWriter {
  /**
   * Resolves when the record is stored by the majority, with what was asked of the execution meanwhile.
   * Rejects with {@link FencedError} when a newer segment of it has begun, or the execution is gone.
   */
  append(record: StepResult): Promise<ExecutionControl | null>;
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

type Present = Pick<Execution, 'epoch' | 'control'>;

export function createJournalWriter(store: Store): JournalWriter {
  return {
    append: groupCommit<StepResult, ExecutionControl | null>(MAX_GROUP, async (records) => {
      const startedMs = Date.now();
      const [errors, atOnce] = await Promise.all([writeRecords(store, records), readPresent(store, records)]);
      const stoodStill = Date.now() - startedMs > LOOK_AGAIN_AFTER_MS;
      const present = stoodStill ? await readPresent(store, records) : atOnce;
      return records.map((record, at) => errors[at] ?? controlOf(record, present.get(record.executionId)));
    }),
  };
}

function controlOf(record: StepResult, present: Present | undefined): ExecutionControl | null | FencedError {
  if (!present) return new FencedError('The execution is gone.');
  if (present.epoch > record.epoch) return fenced();
  return present.control ?? null;
}

const fenced = () => new FencedError('A newer segment of this execution is at work.');

async function readPresent(store: Store, records: StepResult[]): Promise<Map<string, Present>> {
  const ids = [...new Set(records.map(({ executionId }) => executionId))];
  const found = store.executions.collection.find(
    { _id: { $in: ids as never[] } },
    { projection: { epoch: 1, control: 1 } },
  );
  const present = new Map<string, Present>();
  for await (const { _id, epoch, control } of found)
    present.set(String(_id), { epoch, control } as unknown as Present);
  return present;
}

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
