import type { ClientSession } from 'mongoose';
import type { PlanFlow } from '../../../engine/plan';
import type { FlowConfig } from '../../../store/models/flow-config.model';
import type { Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { flowConfigIdOf, flowIdOf } from '../../ids';

/**
 * Gives an instance the flows of a plan: new ones are added, renamed ones keep their id and webhook URL, and
 * those that the plan lacks become inactive, so that they come back with their keys. Within a transaction.
 */
export async function syncFlowConfigs(
  deps: Pick<Deps, 'store'>,
  instance: Instance,
  flows: PlanFlow[],
  session: ClientSession,
): Promise<void> {
  await upsertAll(deps, instance, flows, session, { $set: { isActive: true } });
  await deps.store.flowConfigs.updateMany(
    { instanceId: instance._id, flowStableKey: { $nin: flows.map((flow) => flow.stableKey) } },
    { $set: { isActive: false } },
    { session },
  );
}

/** Adds the flows that a chosen version will bring, so that their keys can be set before it is deployed. */
export async function addComingFlowConfigs(
  deps: Pick<Deps, 'store'>,
  instance: Instance,
  flows: PlanFlow[],
  session: ClientSession,
): Promise<void> {
  await upsertAll(deps, instance, flows, session, { $setOnInsert: { isActive: false } });
}

type Change = { $set: { isActive: true } } | { $setOnInsert: { isActive: false } };

async function upsertAll(
  deps: Pick<Deps, 'store'>,
  { _id: instanceId, organizationId, customerId, integrationId }: Instance,
  flows: PlanFlow[],
  session: ClientSession,
  change: Change,
): Promise<void> {
  const operations = flows.map(({ name: flowName, stableKey }) => {
    const identity: Partial<FlowConfig> = {
      instanceId,
      flowStableKey: stableKey,
      flowId: flowIdOf(integrationId, stableKey),
      integrationId,
    };
    const present = { organizationId, customerId, flowName };
    const update =
      '$set' in change
        ? { $set: { ...present, ...change.$set }, $setOnInsert: identity }
        : { $setOnInsert: { ...identity, ...present, ...change.$setOnInsert } };
    const filter = { _id: flowConfigIdOf(instanceId, stableKey) };
    return { updateOne: { filter, update, upsert: true } };
  });
  if (operations.length > 0) await deps.store.flowConfigs.bulkWrite(operations, { session });
}
