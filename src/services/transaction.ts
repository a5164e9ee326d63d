import type { ClientSession, Model } from 'mongoose';
import { AppError } from '../errors';
import type { Deps } from './context';

/** Runs `work` so that all of its writes happen or none; it may run more than once. */
export async function inTransaction<T>(
  deps: Pick<Deps, 'store'>,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  await deps.store.connection.transaction(async (session) => {
    result = { value: await work(session) };
  });
  if (!result) throw new Error('The transaction ended without a result.');
  return result.value;
}

/**
 * Makes the transaction collide with one that deletes this object meanwhile, so that nothing is added to what
 * goes away. Answers false when the object is gone.
 */
export async function holdParent<T>(model: Model<T>, id: string, session: ClientSession): Promise<boolean> {
  // A field of its own outside the schema: holding must not look like a change.
  const held = await model.collection.updateOne(
    { _id: id as never },
    { $set: { heldAt: new Date() } },
    { session },
  );
  return held.matchedCount === 1;
}

/**
 * Turns the database's duplicate key error into `conflict` on one of `fields` (stored field → field and
 * message); answers any other error unchanged.
 */
export function duplicateAsConflict(
  error: unknown,
  fields: Record<string, { field: string; message: string }>,
): unknown {
  const { code, keyPattern } = (error ?? {}) as { code?: unknown; keyPattern?: Record<string, unknown> };
  if (code !== 11000 || !keyPattern) return error;
  const stored = Object.keys(keyPattern).find((name) => name in fields);
  const fault = stored === undefined ? undefined : fields[stored];
  if (!fault) return error;
  const { field, message } = fault;
  return new AppError('conflict', message, { faults: [{ field, messages: [message] }], cause: error });
}
