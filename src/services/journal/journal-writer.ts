import type { StepResult } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';

/** Writes the journal of every execution that this process runs. */
export interface JournalWriter {
  /** Resolves when the record is stored by the majority. Rejects with {@link FencedError} for an older epoch. */
  append(record: StepResult): Promise<void>;
}

/** A newer segment of the same execution has written here: this one must stop. */
export class FencedError extends Error {
  readonly isFenced = true;
}

const MAX_GROUP = 500;

export function createJournalWriter(store: Store): JournalWriter {
  return {
    append: groupCommit<StepResult>(MAX_GROUP, async (records) => {
      // An upsert whose filter misses because a newer epoch wrote the record tries to insert, and collides.
      const operations = records.map((record) => ({
        replaceOne: {
          filter: { _id: record._id, epoch: { $lte: record.epoch } },
          replacement: record,
          upsert: true,
        },
      }));
      try {
        await store.stepResults.collection.bulkWrite(operations as never[], { ordered: false });
        return records.map(() => undefined);
      } catch (error) {
        return errorsOf(error, records.length);
      }
    }),
  };
}

function errorsOf(error: unknown, count: number): (Error | undefined)[] {
  const { writeErrors } = error as { writeErrors?: { index: number; code: number }[] };
  if (!Array.isArray(writeErrors) || writeErrors.length === 0) throw error;
  const byIndex = new Map(writeErrors.map((fault) => [fault.index, fault.code]));
  return Array.from({ length: count }, (_, at) => {
    const code = byIndex.get(at);
    if (code === undefined) return undefined;
    return code === 11_000
      ? new FencedError('A newer segment of this execution is at work.')
      : (error as Error);
  });
}
