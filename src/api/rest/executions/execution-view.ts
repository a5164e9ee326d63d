import { z } from 'zod';
import type { Deps } from '../../../services/context';
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
    status: z.enum(EXECUTION_STATUSES).describe('`PENDING` until it has ended.'),
    phase: z.enum(['accepted', 'running', 'ended']),
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
    integrationId: id,
    versionId: id.nullable(),
    flowConfigId: id,
    flowId: id,
    flowName: z.string(),
    stepCount: z.int().describe('Steps that finished.'),
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
    integrationId: execution.integrationId,
    versionId: execution.versionId,
    flowConfigId: execution.flowConfigId,
    flowId: execution.flowId,
    flowName: execution.flowName,
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
