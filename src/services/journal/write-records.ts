import type { Collection } from 'mongoose';
import { insertNew, writeErrorsOf } from '../../store/bulk-writes';
import type { StepResult } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';
import { FencedError, newerSegment } from './fenced-error';

/**
 * Stores the records in one command and answers, for each, its error: {@link FencedError} where a newer segment stored one
 * in its place. May be done again when it rejects: it stores each once.
 */
export async function writeRecords(
  { stepResults }: Store,
  records: StepResult[],
): Promise<(Error | undefined)[]> {
  // In the first epoch no record can be there, unless this very write was answered too late.
  const { collection } = stepResults;
  const isFirst = records.every(({ epoch }) => epoch === 1);
  if (isFirst && (await insertNew(collection, records))) return [];
  const errors = await replaceAll(collection, records);
  // A former try of this write that came through just now is there to be replaced; a newer epoch's record stays.
  const collided = records.flatMap((_record, at) => (errors[at] instanceof FencedError ? [at] : []));
  if (collided.length === 0) return errors;
  const again = await replaceAll(
    collection,
    collided.map((at) => records[at]!),
  );
  for (const [at, place] of collided.entries()) errors[place] = again[at];
  return errors;
}

async function replaceAll(collection: Collection, records: StepResult[]): Promise<(Error | undefined)[]> {
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
      return code === 11_000 ? newerSegment() : (error as Error);
    });
  }
}
