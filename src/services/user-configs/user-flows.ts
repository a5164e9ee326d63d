import type { Plan } from '../../engine/plan';
import type { Instance } from '../../store/models/instance.model';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps } from '../context';
import { isManaged, startFlows } from '../instances/lifecycle/deploy-flows';
import { runTearDownFlows } from '../instances/lifecycle/tear-down';
import { loadPlan } from '../plans/load-plan';
import { missingOfUser } from './missing-of-user';

/** Starts the flows that run when a user's values are complete: after each change that leaves them so. */
export async function startUserFlows(deps: Deps, config: UserConfig): Promise<void> {
  const found = await findFlows(deps, config, 'userLevelConfigDeploy');
  if (found) await startFlows(deps, found.instance, found.flows, 'DEPLOY_FLOW', userOf(config));
}

/** The same after something else than the values has changed. */
export async function startFlowsOfUser(deps: Deps, id: string): Promise<void> {
  const config = await deps.store.userConfigs.findById(id).lean<UserConfig>();
  if (config) await startUserFlows(deps, config);
}

/** Runs the flows for the removal of a user, with the values that they had. Throws `component_failed`. */
export async function tearDownUser(deps: Deps, config: UserConfig): Promise<void> {
  const found = await findFlows(deps, config, 'userLevelConfigRemove');
  if (found) await runTearDownFlows(deps, found.instance, found.flows, userOf(config));
}

const userOf = ({ _id: id, revision }: UserConfig) => ({ id, revision });

/** Undefined where nothing is deployed, no flow waits for that moment, or the user's values are not complete. */
async function findFlows(
  deps: Deps,
  config: UserConfig,
  moment: 'userLevelConfigDeploy' | 'userLevelConfigRemove',
): Promise<{ instance: Instance; flows: Plan['flows'] } | undefined> {
  const instance = await deps.store.instances.findById(config.instanceId).lean<Instance>();
  if (!instance?.deployment) return undefined;
  const plan = await loadPlan(deps, instance.deployment.planId);
  const flows = plan.flows.filter((flow) => isManaged(flow, moment));
  if (flows.length === 0 || (await missingOfUser(deps, plan, config)).length > 0) return undefined;
  return { instance, flows };
}
