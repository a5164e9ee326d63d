import type { Env } from '../../config/env';
import type { PlanFlow } from '../../engine/plan';
import { flowIdOf } from '../../services/ids';
import type { LifecycleFunction } from '../../services/instances/lifecycle/lifecycle-calls';
import { NO_USER } from '../../services/user-configs/read-run-user';
import { flowSchemasOf } from '../run-context';
import type { LifecycleSubject } from './lifecycle-subject';

/** The plain part of the context of a function that no execution calls. */
export function lifecycleContext(
  env: Env,
  { environment, configRevisionId, profile, owner }: LifecycleSubject,
  flow: PlanFlow,
  called: LifecycleFunction,
): Record<string, unknown> {
  const { plan, customer, instance, integration, webhookUrls, webhookApiKeys, globalDebug, configVars } =
    environment;
  const startedAt = new Date().toISOString();
  return {
    configVars,
    stepId: flow.trigger.path,
    // There is none; what is unique to this deploy stands for it in what authors log.
    executionId: configRevisionId,
    startedAt,
    webhookUrls,
    webhookApiKeys,
    invokeUrl: webhookUrls[flow.name] ?? '',
    customer,
    instance,
    user: NO_USER,
    integration,
    flow: { id: flowIdOf(owner.integrationId, flow.stableKey), name: flow.name, stableId: flow.stableKey },
    executionFrame: {
      invokedByExecutionJWT: '',
      invokedByExecutionStartedAt: startedAt,
      customSource: called,
    },
    flowSchemas: flowSchemasOf(plan),
    batch: flow.batch ? { enabled: true, batchSize: flow.batch.batchSize } : { enabled: false },
    globalDebug,
    runnerAllocatedMemoryMb: profile.allocatedMemoryMb ?? env.TENON_RUNNER_MEMORY_MB,
  };
}
