import type { Plan, PlanFlow } from '../../../engine/plan';
import { resolveInput } from '../../../engine/resolve-input';
import { Scope } from '../../../engine/scope';
import { toText } from '../../../engine/text';
import type { InvokeType, RunUser } from '../../../store/models/execution.model';
import type { FlowConfig } from '../../../store/models/flow-config.model';
import type { Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { storeAndStart } from '../../executions/accept/store-and-start';
import type { IncomingRequest } from '../../executions/accept/stored-request';
import { flowConfigIdOf } from '../../ids';
import { resolveConfig } from '../resolve-config';

/**
 * Starts the flows that run after a deploy: those whose trigger waits for it, those that call themselves and say so,
 * and, after the first deploy alone, those that fetch what is there already. Each is an execution of its own.
 */
export async function startDeployFlows(
  deps: Deps,
  instance: Instance,
  plan: Plan,
  isFirst: boolean,
): Promise<void> {
  const recursive = plan.flows.filter(isRecursive);
  const configVars =
    recursive.length > 0 && instance.deployment
      ? await resolveConfig(deps, instance.deployment.configRevisionId)
      : {};
  const scope = new Scope(configVars);
  const flows = plan.flows.filter(
    (flow) =>
      isManaged(flow, 'instanceDeploy') ||
      (recursive.includes(flow) && runsOnDeploy(flow, scope)) ||
      (isFirst && flow.batch?.runInitialSyncOnDeploy === true),
  );
  await startFlows(deps, instance, flows, 'DEPLOY_FLOW');
}

/** The keys of the management triggers. */
type Moment = 'instanceDeploy' | 'instanceRemove' | 'userLevelConfigDeploy' | 'userLevelConfigRemove';

/** Whether a flow's trigger is the one of the management triggers with that key. */
export function isManaged({ trigger }: PlanFlow, key: Moment): boolean {
  const { component, action } = trigger;
  return component.isPublic && component.key === 'management-triggers' && action === key;
}

/**
 * Stores an execution of each flow, whether or not the instance accepts deliveries, with the values of `user` if one is
 * given; answers their ids.
 */
export async function startFlows(
  deps: Deps,
  instance: Instance,
  flows: PlanFlow[],
  invokeType: InvokeType,
  user?: RunUser,
): Promise<string[]> {
  const { deployment } = instance;
  if (!deployment || flows.length === 0) return [];
  const ids: string[] = [];
  for (const flow of flows) {
    const flowConfig = await deps.store.flowConfigs
      .findById(flowConfigIdOf(instance._id, flow.stableKey))
      .lean<FlowConfig>();
    if (!flowConfig) continue;
    const endpoint = { flowConfig, instance: { ...instance, deployment }, flow };
    const options = { invokeType, isTest: false, isSynchronous: false, user };
    const { execution, start } = await storeAndStart(deps, endpoint, NO_REQUEST, options);
    // It is stored: the sweeper repeats a start that fails.
    start.catch(() => undefined);
    ids.push(execution._id);
  }
  return ids;
}

const NO_REQUEST: IncomingRequest = {
  method: 'POST',
  pathFragment: '',
  query: '',
  url: '',
  headers: [],
  contentType: '',
  body: Buffer.alloc(0),
};

const isRecursive = ({ trigger }: PlanFlow): boolean =>
  trigger.component.isPublic &&
  trigger.component.key === 'recursive-flow' &&
  trigger.action === 'recursiveTrigger';

function runsOnDeploy({ trigger }: PlanFlow, scope: Scope): boolean {
  const input = trigger.inputs['runOnDeploy'];
  return (
    input !== undefined && ['true', 'yes'].includes(toText(resolveInput(input, scope)).trim().toLowerCase())
  );
}
