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
  const loaded = new Map<PersistentLevel, LoadedState>();
  await Promise.all(
    levels.map(async (level) => {
      const found = await readState(deps, stateIdOf(level, owner), findStateOf(deps.store));
      if (found) loaded.set(level, { value: found.value, bytes: found.stored.bytes });
    }),
  );
  return loaded;
}

/** A state object as it is this moment, with what tells it from any other that was stored. */
export interface StateNow {
  value: StateObject;
  stored: Pick<StoredState, 'data' | 'blobId'>;
}

/** Reads one alone, to be replaced; undefined when it is not there. */
export function loadStateNow(deps: StateDeps, id: string): Promise<StateNow | undefined> {
  return readState(
    deps,
    id,
    async () => (await deps.store.states.findById(id).lean<StoredState>()) ?? undefined,
  );
}

/** Runs that begin together share these reads, which bypass mongoose. */
const findStateOf = onePer(
  ({ states }: Store) =>
    batchedFind(
      (ids) => states.collection.find({ _id: { $in: ids as never[] } }).toArray() as Promise<never[]>,
    ) as (id: string) => Promise<StoredState | undefined>,
);

async function readState(
  deps: StateDeps,
  id: string,
  find: (id: string) => Promise<StoredState | undefined>,
): Promise<{ value: StateObject; stored: StoredState } | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await find(id);
    if (!stored) return undefined;
    const { data, blobId } = stored;
    if (blobId === null) return { value: openState(deps, asBytes(data)), stored };
    try {
      const blob = await deps.store.blobs.get(blobId);
      return { value: openState(deps, blob.subarray(BLOB_MARK_BYTES)), stored };
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
