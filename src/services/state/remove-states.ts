import type { ClientSession } from 'mongoose';
import type { StoredState } from '../../store/models/state.model';
import type { Deps } from '../context';
import { integrationStateId } from './persistent-levels';

/** Removes the states of an instance and its flows; their blobs go with the instance's others. */
export async function removeInstanceStates(
  { store }: Pick<Deps, 'store'>,
  instanceId: string,
): Promise<void> {
  await store.states.deleteMany({ instanceId });
}

/** Removes what the instances of an integration share. */
export async function removeIntegrationState(
  { store }: Pick<Deps, 'store'>,
  integrationId: string,
): Promise<void> {
  const id = integrationStateId(integrationId);
  await store.states.deleteOne({ _id: id });
  await store.blobs.deleteOfInstance(id);
}

/**
 * Forgets the states of an instance that stays, and those of its integration where that is named, within a transaction.
 * Answers their blobs, to be discarded once it is through.
 */
export async function forgetStates(
  { store }: Pick<Deps, 'store'>,
  { instanceId, integrationId }: { instanceId: string; integrationId?: string },
  session: ClientSession,
): Promise<string[]> {
  const { states } = store;
  const ofIntegration = integrationId === undefined ? [] : [{ _id: integrationStateId(integrationId) }];
  const filter = { $or: [{ instanceId }, ...ofIntegration] };
  const found = await states
    .find(filter, { blobId: 1 }, { session })
    .lean<Pick<StoredState, '_id' | 'blobId'>[]>();
  await states.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } }, { session });
  return found.flatMap(({ blobId }) => blobId ?? []);
}
