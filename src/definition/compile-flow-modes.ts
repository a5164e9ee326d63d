import type { ActionManifest, TriggerManifest } from '../components/manifest';
import type { PlanBatch, PlanFlowRetry, PlanQueue, PlanTriggerTraits } from '../engine/plan';
import { fieldPath } from './field-path';
import type { Flow } from './schema';
import { triggerKey } from './step-keys';

/** How a failed run of a flow is begun anew; nothing for never. */
export function compileRetry(flow: Flow): PlanFlowRetry | undefined {
  const { retryConfig } = flow;
  if (retryConfig === undefined || retryConfig.maxAttempts === 0) return undefined;
  const { maxAttempts, delayMinutes, usesExponentialBackoff, uniqueRequestIdField } = retryConfig;
  const uniqueRequestId = fieldPath(uniqueRequestIdField, triggerKey(flow));
  return {
    maxAttempts,
    delayMinutes,
    usesExponentialBackoff,
    ...(uniqueRequestId === undefined ? {} : { uniqueRequestId }),
  };
}

/** How many runs of a flow may be under way at once; nothing where they go in parallel. */
export function queueLimit({ queueConfig }: Flow): number | undefined {
  if (queueConfig === undefined || queueConfig.type === 'parallel') return undefined;
  // The SDK writes a throttle as a strict queue with a limit.
  if (queueConfig.type !== 'sequential' && queueConfig.concurrencyLimit !== undefined)
    return queueConfig.concurrencyLimit;
  return queueConfig.usesFifoQueue || queueConfig.type === 'sequential' ? 1 : undefined;
}

/** Whether a flow lets its runs wait for one another in the order of their arrival. */
export const hasQueue = (flow: Flow): boolean => queueLimit(flow) !== undefined;

/** What waits, is skipped or dropped; nothing where runs go in parallel. */
export function compileQueue(flow: Flow): PlanQueue | undefined {
  const limit = queueLimit(flow);
  const isSingleton = flow.queueConfig?.singletonExecutions ?? false;
  const dedupeId = fieldPath(flow.queueConfig?.dedupeIdField, triggerKey(flow));
  if (limit === undefined && !isSingleton && dedupeId === undefined) return undefined;
  return {
    ...(limit === undefined ? {} : { limit }),
    isSingleton,
    ...(dedupeId === undefined ? {} : { dedupeId }),
  };
}

/** What an action's manifest says if it is a trigger's. */
export const asTrigger = (declared: ActionManifest | TriggerManifest): TriggerManifest | undefined =>
  'scheduleSupport' in declared ? declared : undefined;

/** How the items that a trigger finds are cut into runs; nothing where the trigger's result is one run. */
export function compileBatch(
  { triggerResolver }: Flow,
  trigger: TriggerManifest | undefined,
  isOwnCode: boolean,
): PlanBatch | undefined {
  if (triggerResolver?.enabled !== true && trigger?.triggerResolverSupport !== 'required') return undefined;
  const limit = triggerResolver?.concurrentBatchLimit ?? trigger?.triggerResolverDefaultConcurrentBatchLimit;
  return {
    batchSize: triggerResolver?.batchSize ?? trigger?.triggerResolverDefaultBatchSize ?? 1,
    ...(limit === undefined ? {} : { concurrentBatchLimit: limit }),
    // The SDK writes no flag for a code-native trigger that has a function for its first sync.
    runInitialSyncOnDeploy:
      triggerResolver?.runInitialSyncOnDeploy === true || (isOwnCode && trigger?.hasOnDeployPerform === true),
  };
}

const TRAITS = {
  isPolling: 'isPollingTrigger',
  hasOnInstanceDeploy: 'hasOnInstanceDeploy',
  hasOnInstanceDelete: 'hasOnInstanceDelete',
  hasWebhookCreate: 'hasWebhookCreateFunction',
  hasWebhookDelete: 'hasWebhookDeleteFunction',
  hasResolveTriggerItems: 'hasResolveTriggerItems',
  hasNextPagination: 'hasGetNextDiscoveryState',
  hasOnDeployPerform: 'hasOnDeployPerform',
  hasResolveOnDeployItems: 'hasResolveOnDeployItems',
  hasOnDeployNextPagination: 'hasGetOnDeployNextDiscoveryState',
} as const satisfies Record<string, keyof TriggerManifest>;

/** What the runtime must know of a trigger beyond its action. */
export function compileTraits(trigger: TriggerManifest): PlanTriggerTraits {
  const { scheduleSupport, synchronousResponseSupport } = trigger;
  const flags = Object.entries(TRAITS).filter(([, flag]) => trigger[flag] === true);
  return {
    scheduleSupport,
    synchronousResponseSupport,
    ...Object.fromEntries(flags.map(([trait]) => [trait, true])),
  };
}
