import type { ClientSession } from 'mongoose';
import type { Instance } from '../../store/models/instance.model';
import type { Deps } from '../context';

/**
 * Takes the on-premise resources of other customers from an instance that is another customer's from now on, within a
 * transaction: an agent is reached by runs of its own customer alone.
 */
export async function dropForeignResources(
  { store }: Pick<Deps, 'store'>,
  { _id, configVariables, customerId }: Pick<Instance, '_id' | 'configVariables' | 'customerId'>,
  session: ClientSession,
): Promise<void> {
  const ids = configVariables.flatMap(({ onPremiseResourceId }) => onPremiseResourceId ?? []);
  if (ids.length === 0) return;
  const foreign = await store.onPremiseResources
    .distinct('_id', { _id: { $in: ids }, customerId: { $nin: [customerId, null] } })
    .session(session);
  await store.instances.updateOne(
    { _id },
    { $unset: { 'configVariables.$[one].onPremiseResourceId': 1 } },
    { session, arrayFilters: [{ 'one.onPremiseResourceId': { $in: foreign } }] },
  );
}
