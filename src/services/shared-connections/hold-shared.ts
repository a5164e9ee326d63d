import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import type { Instance } from '../../store/models/instance.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps } from '../context';
import { holdParent } from '../transaction';
import { sharedKeysOf } from './place-shared';

/** Makes a deploy collide with the deletion of a shared connection that it begins to use. Within its transaction. */
export async function holdShared(
  { store }: Pick<Deps, 'store'>,
  { organizationId, customerId }: Pick<Instance, 'organizationId' | 'customerId'>,
  plan: Pick<Plan, 'configVars'>,
  session: ClientSession,
): Promise<void> {
  const stableKeys = sharedKeysOf(plan);
  if (stableKeys.length === 0) return;
  const { sharedConnections, customerConnections } = store;
  const all = await sharedConnections
    .find({ organizationId, stableKey: { $in: stableKeys } }, { _id: 1 }, { session })
    .lean<Pick<SharedConnection, '_id'>[]>();
  for (const { _id } of all) {
    const own = await customerConnections.exists({ sharedConnectionId: _id, customerId }).session(session);
    if (own) await holdParent(customerConnections, own._id, session);
    await holdParent(sharedConnections, _id, session);
  }
}
