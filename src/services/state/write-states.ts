import { randomBytes } from 'node:crypto';
import { INLINE_LIMIT_BYTES } from '../../store/blobs';
import type { StoredState } from '../../store/models/state.model';
import type { Deps } from '../context';
import { BLOB_MARK_BYTES, type StateNow } from './load-states';
import { type PersistentLevel, type StateOwner, stateIdOf } from './persistent-levels';

/** A sealed state object; null removes it. */
export type WrittenStates = ReadonlyMap<PersistentLevel, Buffer | null>;

type StoreDeps = Pick<Deps, 'store'>;

/**
 * Puts state objects in the place of the stored ones, whole; the last writer wins. `writtenBy` names the run or
 * the deploy. Doing it again is harmless.
 */
export async function writeStates(
  deps: StoreDeps,
  owner: StateOwner,
  states: WrittenStates,
  writtenBy: string,
): Promise<void> {
  await Promise.all(
    [...states].map(async ([level, bytes]) => {
      const { store } = deps;
      const former = await put(deps, owner, level, bytes, writtenBy);
      if (former?.blobId) await store.blobs.discard(former.blobId);
    }),
  );
}

/** One level, and what is to stand there. */
interface Replacement {
  level: PersistentLevel;
  /** What was read there; undefined for nothing. */
  former: StateNow['stored'] | undefined;
  /** Sealed; null removes it. */
  bytes: Buffer | null;
  writtenBy: string;
}

/** Replaces a state object only while it still is the one that was read. Answers whether it was. */
export async function replaceState(
  deps: StoreDeps,
  owner: StateOwner,
  { level, former, bytes, writtenBy }: Replacement,
): Promise<boolean> {
  const { states, blobs } = deps.store;
  const _id = stateIdOf(level, owner);
  // Sealed anew by each write, and blobs of states are one write's alone: the same bytes are the same write's.
  const filter = { _id, data: former?.data ?? null, blobId: former?.blobId ?? null };
  if (bytes === null) {
    const isGone = former === undefined || (await states.deleteOne(filter)).deletedCount === 1;
    if (isGone && former?.blobId) await blobs.discard(former.blobId);
    return isGone;
  }
  const fields = await fieldsOf(deps, owner, level, bytes, writtenBy);
  const isReplaced =
    former === undefined
      ? await isAdded(states.create({ _id, ...fields }))
      : (await states.updateOne(filter, { $set: fields })).matchedCount === 1;
  const unneeded = isReplaced ? former?.blobId : fields.blobId;
  if (unneeded) await blobs.discard(unneeded);
  return isReplaced;
}

async function isAdded(adding: Promise<unknown>): Promise<boolean> {
  try {
    await adding;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 11_000) return false;
    throw error;
  }
}

/** Answers what was there before. */
async function put(
  deps: StoreDeps,
  owner: StateOwner,
  level: PersistentLevel,
  bytes: Buffer | null,
  writtenBy: string,
): Promise<Pick<StoredState, 'blobId'> | null> {
  const { states } = deps.store;
  const filter = { _id: stateIdOf(level, owner) };
  if (bytes === null) return states.findOneAndDelete(filter, { projection: { blobId: 1 } }).lean();
  const fields = await fieldsOf(deps, owner, level, bytes, writtenBy);
  return states
    .findOneAndUpdate(filter, { $set: fields }, { upsert: true, projection: { blobId: 1 } })
    .lean();
}

/** The record of a sealed state object; one that is large goes to a blob of its own. */
async function fieldsOf(
  { store }: StoreDeps,
  owner: StateOwner,
  level: PersistentLevel,
  bytes: Buffer,
  writtenBy: string,
): Promise<Omit<StoredState, '_id'>> {
  const instanceId = level === 'integrationState' ? null : owner.instanceId;
  const isInline = bytes.length <= INLINE_LIMIT_BYTES;
  const blobId = isInline
    ? null
    : await store.blobs.put(Buffer.concat([randomBytes(BLOB_MARK_BYTES), bytes]), {
        instanceId: instanceId ?? stateIdOf(level, owner),
      });
  const data = isInline ? bytes : null;
  return { instanceId, data, blobId, bytes: bytes.length, writtenBy, updatedAt: new Date() };
}
