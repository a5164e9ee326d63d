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
