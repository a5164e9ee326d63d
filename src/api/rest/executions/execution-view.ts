import { z } from 'zod';
import type { Deps } from '../../../services/context';
import { nextRetryAt } from '../../../services/executions/read/next-retry-at';
import { RESULT_TYPES, resultTypeOf } from '../../../services/executions/read/result-type';
import {
  EXECUTION_CONTROLS,
  EXECUTION_STATUSES,
  type Execution,
  INVOKE_TYPES,
} from '../../../store/models/execution.model';
import { id, time, timeText, timeTextOrNull } from '../fields';

/** What presenting needs: lists come without request and answer. */
export type PresentableExecution = Omit<Execution, 'request' | 'answer'>;

export const executionView = z
  .object({
    id,
    status: z
      .enum(EXECUTION_STATUSES)
      .describe('`PENDING` until it has ended, `QUEUED` while it waits in a queue.'),
    resultType: z.enum(RESULT_TYPES).nullable().describe('Null until it has ended.'),
    phase: z.enum(['accepted', 'running', 'queued', 'ended']),
    control: z
      .enum(EXECUTION_CONTROLS)
      .nullable()
      .describe('What was asked of it; obeyed before its next step.'),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        stepKey: z.string().nullable(),
        stepName: z.string().nullable(),
      })
      .nullable(),
    invokeType: z.enum(INVOKE_TYPES),
    isTest: z.boolean(),
    isSynchronous: z.boolean(),
    instanceId: id,
    customerId: id.nullable(),
    userConfigId: id.nullable().describe('The end user whose values it has; null for the instance’s only.'),
    integrationId: id,
    versionId: id.nullable(),
    flowConfigId: id,
    flowId: id,
    flowName: z.string(),
    queuedAt: time.nullable().describe('When it began to wait in its flow’s queue.'),
    retryCount: z.int().describe('0 for a first run, 1 for the first one after it failed.'),
    maxRetryCount: z.int().nullable().describe('As many runs after the first as the flow allows.'),
    retryForExecutionId: id.nullable().describe('The first run, which this one tries again.'),
    retryNextAt: time.nullable().describe('When the next run is due that tries this one again.'),
    canceledByExecutionId: id.nullable().describe('The run that took its place.'),
    batchOfExecutionId: id.nullable().describe('The run of a batch trigger whose items this one got.'),
    stepCount: z.int().describe('Steps that finished; 0 until the execution has ended.'),
    workflowId: z
      .string()
      .nullable()
      .describe('Of the Temporal workflow that drives it; null while it waits for its start.'),
    runId: z.string().nullable(),
    temporalUrl: z
      .url()
      .nullable()
      .describe('The workflow in the Temporal Web UI, where that is configured.'),
    acceptedAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Execution' });

export function presentExecution(
  deps: Pick<Deps, 'env'>,
  execution: PresentableExecution,
): z.input<typeof executionView> {
  return {
    id: execution._id,
    status: execution.status,
    resultType: resultTypeOf(execution) ?? null,
    phase: execution.phase,
    control: execution.control ?? null,
    error: execution.error && {
      code: execution.error.code,
      message: execution.error.message,
      stepKey: execution.error.stepKey ?? null,
      stepName: execution.error.stepName ?? null,
    },
    invokeType: execution.invokeType,
    isTest: execution.isTest,
    isSynchronous: execution.isSynchronous,
    instanceId: execution.instanceId,
    customerId: execution.customerId,
    userConfigId: execution.user?.id ?? null,
    integrationId: execution.integrationId,
    versionId: execution.versionId,
    flowConfigId: execution.flowConfigId,
    flowId: execution.flowId,
    flowName: execution.flowName,
    queuedAt: timeTextOrNull(execution.queue?.queuedAt ?? null),
    retryCount: execution.retryOf?.count ?? 0,
    maxRetryCount: execution.maxRetryCount ?? null,
    retryForExecutionId: execution.retryOf?.rootId ?? null,
    retryNextAt: timeTextOrNull(nextRetryAt(execution)),
    canceledByExecutionId: execution.canceledByExecutionId ?? null,
    batchOfExecutionId: execution.fanOutOf ?? null,
    stepCount: execution.stepCount,
    workflowId: execution.workflowId,
    runId: execution.runId,
    temporalUrl: temporalUrlOf(deps, execution),
    acceptedAt: timeText(execution.acceptedAt),
    startedAt: timeTextOrNull(execution.startedAt),
    endedAt: timeTextOrNull(execution.endedAt),
  };
}

function temporalUrlOf({ env }: Pick<Deps, 'env'>, execution: PresentableExecution): string | null {
  if (!env.TENON_TEMPORAL_UI_URL || execution.workflowId === null) return null;
  const origin = env.TENON_TEMPORAL_UI_URL.replace(/\/+$/, '');
  const workflow = encodeURIComponent(execution.workflowId);
  const run = execution.runId === null ? '' : `/${encodeURIComponent(execution.runId)}/history`;
  return `${origin}/namespaces/${encodeURIComponent(env.TENON_TEMPORAL_NAMESPACE)}/workflows/${workflow}${run}`;
}
