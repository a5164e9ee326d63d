import { randomUUID } from 'node:crypto';
import type { PlanFlow } from '../../src/engine/plan';
import type { Deps } from '../../src/services/context';
import { loadPlan, storePlan } from '../../src/services/plans/load-plan';
import { planText } from '../../src/services/plans/plan-text';

/** Changes a flow of what an instance runs, as a deploy of another version would. */
export async function changeFlow(
  deps: Deps,
  instanceId: string,
  flowName: string,
  change: Partial<PlanFlow>,
): Promise<void> {
  const instance = await deps.store.instances.findById(instanceId).lean();
  const plan = structuredClone(await loadPlan(deps, instance?.deployment?.planId ?? ''));
  const flow = plan.flows.find(({ name }) => name === flowName);
  if (!flow) throw new Error(`The plan has no flow ${flowName}.`);
  Object.assign(flow, change);
  const planId = await storePlan(deps, planText(plan));
  const { configRevisions, instances } = deps.store;
  const revision = await configRevisions.findById(instance?.deployment?.configRevisionId).lean();
  const number = (instance?.deployment?.revision ?? 0) + 1;
  const configRevisionId = randomUUID();
  await configRevisions.create([{ ...revision!, _id: configRevisionId, revision: number, planId }]);
  const deployment = { ...instance!.deployment!, planId, configRevisionId, revision: number };
  await instances.updateOne({ _id: instanceId }, { $set: { deployment } });
}
