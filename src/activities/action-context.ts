import type { StepCall } from '../engine/walker-host';
import type { Execution } from '../store/models/execution.model';
import type { RunEnvironment } from './run-environment';

/** The plain part of the context that an action gets; functions are added inside the runner. */
export function actionContext(
  environment: RunEnvironment,
  execution: Execution,
  call: StepCall,
  tries: { attempt: number; executionState: Record<string, unknown>; memoryMb: number },
): Record<string, unknown> {
  const startedAt = (execution.startedAt ?? execution.acceptedAt).toISOString();
  const { customer, instance, integration, webhookUrls, webhookApiKeys, globalDebug, configVars } =
    environment;
  return {
    instanceState: {},
    crossFlowState: {},
    integrationState: {},
    executionState: tries.executionState,
    configVars,
    stepId: call.position.path,
    executionId: execution._id,
    startedAt,
    webhookUrls,
    webhookApiKeys,
    invokeUrl: execution.request.url,
    customer,
    instance,
    user: { id: '', email: '', name: '', externalId: '' },
    integration,
    flow: { id: execution.flowId, name: execution.flowName, stableId: execution.flowStableKey },
    executionFrame: {
      invokedByExecutionJWT: '',
      invokedByExecutionStartedAt: startedAt,
      componentActionKey: `${call.step.component.key}.${call.step.action}`,
      executionId: execution._id,
      executionStartedAt: startedAt,
      stepName: call.step.key,
      loopPath: call.position.loopPath,
    },
    flowSchemas: {},
    batch: { enabled: false },
    globalDebug,
    runnerAllocatedMemoryMb: tries.memoryMb,
    // Beyond the public contract: how often this step was begun, and a key that stays the same over tries.
    attempt: tries.attempt,
    idempotencyKey: `${execution._id}/${call.position.path}`,
  };
}
