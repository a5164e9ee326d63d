import type { RunStates } from '../components/runner/contract';
import type { Env } from '../config/env';
import type { StepCall } from '../engine/walker-host';
import { signLineage } from '../services/executions/lineage';
import type { Execution } from '../store/models/execution.model';
import { flowSchemasOf, runContext } from './run-context';
import type { RunEnvironment } from './run-environment';

/** The plain part of the context that an action gets; functions are added inside the runner. */
export function actionContext(
  env: Env,
  environment: RunEnvironment,
  execution: Execution,
  call: StepCall,
  tries: { attempt: number; states: Partial<RunStates> },
): Record<string, unknown> {
  const { plan, configVars } = environment;
  const batch = plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey)?.batch;
  const run = runContext(environment, execution);
  return {
    ...run,
    ...tries.states,
    configVars,
    stepId: call.position.path,
    executionFrame: {
      invokedByExecutionJWT: tokenOf(env, execution),
      invokedByExecutionStartedAt: run.startedAt,
      componentActionKey: `${call.step.component.key}.${call.step.action}`,
      executionId: execution._id,
      executionStartedAt: run.startedAt,
      stepName: call.step.key,
      loopPath: call.position.loopPath,
    },
    flowSchemas: flowSchemasOf(plan),
    ...(execution.simulatedTriggerResult && { isSimulatedTestExecution: true }),
    batch: batch ? { enabled: true, batchSize: batch.batchSize } : { enabled: false },
    runnerAllocatedMemoryMb: execution.profile?.allocatedMemoryMb ?? env.TENON_RUNNER_MEMORY_MB,
    // Beyond the public contract: how often this step was begun, and a key that stays the same over tries.
    attempt: tries.attempt,
    idempotencyKey: `${execution._id}/${call.position.path}`,
  };
}

const tokens = new WeakMap<Execution, string>();

/** Signed once a segment. */
function tokenOf(env: Env, execution: Execution): string {
  const token = tokens.get(execution) ?? signLineage(env, execution);
  tokens.set(execution, token);
  return token;
}
