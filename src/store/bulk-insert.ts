import type { Collection } from 'mongoose';

/** Inserts the documents in one command. False when one of their ids was taken; others may be stored then. */
export async function insertNew(collection: Collection, documents: readonly object[]): Promise<boolean> {
  try {
    await collection.insertMany(documents as never[], { ordered: false });
    return true;
  } catch (error) {
    if ([...writeErrorsOf(error).values()].every((code) => code === 11_000)) return false;
    throw error;
  }
}

/** The codes of a bulk write's faults by the operation's index; throws what is no such error. */
export function writeErrorsOf(error: unknown): Map<number, number> {
  const { writeErrors } = error as { writeErrors?: { index: number; code: number }[] };
  if (!Array.isArray(writeErrors) || writeErrors.length === 0) throw error;
  return new Map(writeErrors.map(({ index, code }) => [index, code]));
}
