import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import type { Deps } from '../context';
import { syncFlowConfigs } from '../instances/flow-configs/sync-flow-configs';

/** Makes or renews the test instance of an integration, which runs the draft; within a transaction. */
export async function storeTestInstance(
  deps: Deps,
  integration: Integration,
  plan: Plan,
  session: ClientSession,
): Promise<void> {
  const now = new Date();
  const fixed: Partial<Instance> = {
    _id: randomUUID(),
    organizationId: integration.organizationId,
    versionId: null,
    enabled: true,
    needsDeploy: false,
    createdAt: now,
  };
  const instance = await deps.store.instances
    .findOneAndUpdate(
      { integrationId: integration._id, isSystem: true },
      {
        $set: { name: integration.name, customerId: integration.customerId, updatedAt: now },
        $setOnInsert: fixed,
      },
      { upsert: true, returnDocument: 'after', session },
    )
    .lean<Instance>();
  await syncFlowConfigs(deps, instance, plan.flows, session);
}
