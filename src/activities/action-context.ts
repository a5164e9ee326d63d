import type { RunStates } from '../components/runner/contract';
import type { Env } from '../config/env';
import type { StepCall } from '../engine/walker-host';
import { signLineage } from '../services/executions/lineage';
import type { Execution } from '../store/models/execution.model';
import { flowSchemasOf, runContext } from './run-context';
import type { RunEnvironment } from './run-environment';

/**
 * The plain part of the context that an action gets; functions are added inside the runner. Made for each step, so it is
 * one literal: an object that grows by spreading takes ten times the memory, and the time that goes with it.
 */
export function actionContext(
  env: Env,
  environment: RunEnvironment,
  execution: Execution,
  call: StepCall,
  { attempt, states }: { attempt: number; states: Partial<RunStates> },
): Record<string, unknown> {
  const { plan, configVars } = environment;
  const { step, position } = call;
  const batch = plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey)?.batch;
  const run = runContext(environment, execution);
  const context: Record<string, unknown> = {
    executionId: run.executionId,
    startedAt: run.startedAt,
    webhookUrls: run.webhookUrls,
    webhookApiKeys: run.webhookApiKeys,
    invokeUrl: run.invokeUrl,
    customer: run.customer,
    instance: run.instance,
    user: run.user,
    integration: run.integration,
    flow: run.flow,
    globalDebug: run.globalDebug,
    configVars,
    stepId: position.path,
    executionFrame: {
      invokedByExecutionJWT: tokenOf(env, execution),
      invokedByExecutionStartedAt: run.startedAt,
      componentActionKey: `${step.component.key}.${step.action}`,
      executionId: execution._id,
      executionStartedAt: run.startedAt,
      stepName: step.key,
      loopPath: position.loopPath,
    },
    flowSchemas: flowSchemasOf(plan),
    batch: batch ? { enabled: true, batchSize: batch.batchSize } : { enabled: false },
    runnerAllocatedMemoryMb: execution.profile?.allocatedMemoryMb ?? env.TENON_RUNNER_MEMORY_MB,
    // Beyond the public contract: how often this step was begun, and a key that stays the same over tries.
    attempt,
    idempotencyKey: `${execution._id}/${position.path}`,
  };
  // Most steps have none of these.
  if (execution.simulatedTriggerResult) context['isSimulatedTestExecution'] = true;
  return Object.assign(context, states);
}

const tokens = new WeakMap<Execution, string>();

/** Signed once a segment. */
function tokenOf(env: Env, execution: Execution): string {
  const token = tokens.get(execution) ?? signLineage(env, execution);
  tokens.set(execution, token);
  return token;
}
