import { randomBytes } from 'node:crypto';
import { INLINE_LIMIT_BYTES } from '../../store/blobs';
import type { StoredState } from '../../store/models/state.model';
import type { Deps } from '../context';
import { BLOB_MARK_BYTES } from './load-states';
import { type PersistentLevel, type StateOwner, stateIdOf } from './persistent-levels';

/** A sealed state object; null removes it. */
export type WrittenStates = ReadonlyMap<PersistentLevel, Buffer | null>;

/**
 * Puts state objects in the place of the stored ones, whole; the last writer wins. `writtenBy` names the run or
 * the deploy. Doing it again is harmless.
 */
export async function writeStates(
  deps: Pick<Deps, 'store'>,
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

/** Answers what was there before. */
async function put(
  { store }: Pick<Deps, 'store'>,
  owner: StateOwner,
  level: PersistentLevel,
  bytes: Buffer | null,
  writtenBy: string,
): Promise<Pick<StoredState, 'blobId'> | null> {
  const filter = { _id: stateIdOf(level, owner) };
  if (bytes === null) return store.states.findOneAndDelete(filter, { projection: { blobId: 1 } }).lean();
  const instanceId = level === 'integrationState' ? null : owner.instanceId;
  const isInline = bytes.length <= INLINE_LIMIT_BYTES;
  const blobId = isInline
    ? null
    : await store.blobs.put(Buffer.concat([randomBytes(BLOB_MARK_BYTES), bytes]), {
        instanceId: instanceId ?? filter._id,
      });
  const fields = {
    instanceId,
    data: isInline ? bytes : null,
    blobId,
    bytes: bytes.length,
    writtenBy,
    updatedAt: new Date(),
  };
  return store.states
    .findOneAndUpdate(filter, { $set: fields }, { upsert: true, projection: { blobId: 1 } })
    .lean();
}
