import type { Collection, mongo } from 'mongoose';

/** Acknowledged before it is safe from a crash of MongoDB; any later write that is safe makes it so too. */
export const NOT_YET_SAFE = { w: 1, j: false } as const;

/** Inserts the documents in one command. False when one of their ids was taken; others may be stored then. */
export async function insertNew(
  collection: Collection,
  documents: readonly object[],
  { writeConcern }: { writeConcern?: typeof NOT_YET_SAFE } = {},
): Promise<boolean> {
  try {
    await insertAll(collection, documents, { ...(writeConcern && { writeConcern }) });
    return true;
  } catch (error) {
    if ([...writeErrorsOf(error).values()].every((code) => code === 11_000)) return false;
    throw error;
  }
}

/** In one command. For one document the driver has a shorter way than for many. */
export async function insertAll(
  collection: Collection,
  documents: readonly object[],
  options: mongo.InsertOneOptions = {},
): Promise<void> {
  const [first, ...others] = documents;
  if (first === undefined) return;
  if (others.length === 0) await collection.insertOne(first, options);
  else await collection.insertMany(documents as never[], { ...options, ordered: false });
}

/** An update of those of some documents that the filter meets. */
export interface UpdateOfSome {
  ids: string[];
  filter: object;
  update: object;
}

/**
 * Makes the updates in one command. Answers how many documents the filters met. After an outage it is tried once more,
 * so the count may be short of what the first try did.
 */
export async function updateAll(collection: Collection, updates: readonly UpdateOfSome[]): Promise<number> {
  const [first] = updates;
  if (first === undefined) return 0;
  if (updates.length === 1 && first.ids.length === 1) {
    return (await collection.updateOne(filterOf(first), first.update)).matchedCount;
  }
  // To MongoDB an update of one is one to be repeated by its number, which it notes for each by a write of its own.
  const operations = updates.map((one) => ({
    updateMany: { filter: filterOf(one), update: one.update },
  })) as never[];
  const write = () => collection.bulkWrite(operations, { ordered: false });
  const { matchedCount } = await write().catch((error: unknown) => {
    if (hasWriteErrors(error)) throw error;
    return write();
  });
  return matchedCount;
}

const filterOf = ({ ids, filter }: UpdateOfSome): object => ({
  _id: ids.length === 1 ? ids[0] : { $in: ids },
  ...filter,
});

/** The codes of a write's faults by the operation's index; throws what is no such error. */
export function writeErrorsOf(error: unknown): Map<number, number> {
  const { writeErrors = [], index, code } = error as WriteFault;
  // That of a single document has the fault's own fields; faults of the whole command have no index.
  if (index !== undefined && code !== undefined) return new Map([[index, code]]);
  if (!hasWriteErrors(error)) throw error;
  return new Map(writeErrors.map((one) => [one.index, one.code]));
}

/** Whether single operations of a bulk failed; what failed as a whole has the same class of error. */
function hasWriteErrors(error: unknown): boolean {
  const { writeErrors } = error as WriteFault;
  return Array.isArray(writeErrors) && writeErrors.length > 0;
}

interface WriteFault {
  index?: number;
  code?: number;
  writeErrors?: { index: number; code: number }[];
}
