import type { RunStates } from '../components/runner/contract';
import type { Env } from '../config/env';
import type { StepCall } from '../engine/walker-host';
import { signLineage } from '../services/executions/lineage';
import type { Execution } from '../store/models/execution.model';
import { flowSchemasOf, runContext } from './run-context';
import type { RunEnvironment } from './run-environment';

/**
 * The plain part of the context that an action gets; functions are added inside the runner. Made for each step, so it is
 * one literal with a place for all that comes later: an object of so many keys that grows becomes a dictionary in V8,
 * which takes ten times the memory, and the time that goes with it, here and in each copy that the SDK makes.
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
    executionState: states.executionState,
    instanceState: states.instanceState,
    crossFlowState: states.crossFlowState,
    integrationState: states.integrationState,
    // Room for what is added where the action runs.
    stepResults: undefined,
    _components: undefined,
    logger: undefined,
  };
  // Most steps have none of these.
  if (execution.simulatedTriggerResult) context['isSimulatedTestExecution'] = true;
  return context;
}

const tokens = new WeakMap<Execution, string>();

/** Signed once a segment. */
function tokenOf(env: Env, execution: Execution): string {
  const token = tokens.get(execution) ?? signLineage(env, execution);
  tokens.set(execution, token);
  return token;
}
