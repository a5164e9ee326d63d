import type { StoredState } from '../../store/models/state.model';
import type { StateObject } from '../../store/output-codec';
import type { Store } from '../../store/store';
import { batchedFind } from '../batched-find';
import type { Deps } from '../context';
import { onePer } from '../one-per';
import { type PersistentLevel, type StateOwner, stateIdOf } from './persistent-levels';
import { openState } from './sealed-state';

export interface LoadedState {
  value: StateObject;
  /** As stored. */
  bytes: number;
}

/** Bytes at the head of a blob that make its content unlike any other. */
export const BLOB_MARK_BYTES = 16;
/** A blob can go between the read of its document and its own: somebody wrote a newer one. */
const TRIES = 5;

type StateDeps = Pick<Deps, 'store' | 'sealer'>;

/** The present state objects of an owner; a level that was never written is missing. */
export async function loadStates(
  deps: StateDeps,
  owner: StateOwner,
  levels: readonly PersistentLevel[],
): Promise<Map<PersistentLevel, LoadedState>> {
  const loaded = await Promise.all(
    levels.map(async (level) => [level, await loadState(deps, stateIdOf(level, owner))] as const),
  );
  return new Map(loaded.filter((entry): entry is [PersistentLevel, LoadedState] => entry[1] !== undefined));
}

/** Runs that begin together share these reads, which bypass mongoose. */
const findStateOf = onePer(
  ({ states }: Store) =>
    batchedFind(
      (ids) => states.collection.find({ _id: { $in: ids as never[] } }).toArray() as Promise<never[]>,
    ) as (id: string) => Promise<StoredState | undefined>,
);

async function loadState(deps: StateDeps, id: string): Promise<LoadedState | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await findStateOf(deps.store)(id);
    if (!stored) return undefined;
    const { data, blobId, bytes } = stored;
    if (blobId === null) return { value: openState(deps, asBytes(data)), bytes };
    try {
      const blob = await deps.store.blobs.get(blobId);
      return { value: openState(deps, blob.subarray(BLOB_MARK_BYTES)), bytes };
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

/** The driver gives its own binary type where it was not told otherwise. */
function asBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return (data as { buffer: Uint8Array }).buffer;
}
