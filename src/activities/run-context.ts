import type { Plan } from '../engine/plan';
import type { Execution } from '../store/models/execution.model';
import type { RunEnvironment } from './run-environment';

/** What a run is about: the part that the context of an action and the payload of a trigger share. */
export function runContext(environment: RunEnvironment, execution: Execution) {
  const { customer, instance, user, integration, webhookUrls, webhookApiKeys, globalDebug } = environment;
  const { flowId, flowName, flowStableKey } = execution;
  return {
    executionId: execution._id,
    startedAt: (execution.startedAt ?? execution.acceptedAt).toISOString(),
    webhookUrls,
    webhookApiKeys,
    // A run that no request began is named by the address of its flow.
    invokeUrl: execution.request.url || (webhookUrls[flowName] ?? ''),
    customer,
    instance,
    user,
    integration,
    flow: { id: flowId, name: flowName, stableId: flowStableKey },
    globalDebug: globalDebug || execution.isDebug === true,
  };
}

const schemas = new WeakMap<Plan, Record<string, unknown>>();

/** By flow name, what the flows accept; those that do not say are left out. */
export function flowSchemasOf(plan: Plan): Record<string, unknown> {
  const known = schemas.get(plan);
  if (known) return known;
  const found = Object.fromEntries(
    plan.flows.flatMap((flow) => (flow.schemas ? [[flow.name, flow.schemas] as const] : [])),
  );
  schemas.set(plan, found);
  return found;
}
