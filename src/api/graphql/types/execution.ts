import { listExecutions } from '../../../services/executions/read/list-executions';
import { listStepResults, type StepResultSummary } from '../../../services/executions/read/list-step-results';
import { nextRetryAt } from '../../../services/executions/read/next-retry-at';
import { type ResultType, resultTypeOf } from '../../../services/executions/read/result-type';
import { stepAction } from '../../../services/executions/read/step-action';
import type { Execution, InvokedBy } from '../../../store/models/execution.model';
import { TRIGGER_PATH } from '../../../store/models/step-result.model';
import { fileUrl } from '../../files/file-token';
import { connectionOf, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { fromOptionalId, toGlobalId } from '../global-id';
import type { GraphqlRequest } from '../request';
import type { ExecutionSource } from '../sources';
import { withoutNulls } from '../without-nulls';
import { type LogArgs, logConnection } from './log';

/** Arguments that every list of executions takes. */
export interface ExecutionArgs extends PageArgs {
  flowConfig_Flow?: string | null;
  isTestExecution?: boolean | null;
  status?: Execution['status'] | null;
  startedAt_Gte?: Date | null;
  error_Isnull?: boolean | null;
  resultType_In?: (string | null)[] | null;
}

interface StepResultArgs extends PageArgs {
  last?: number | null;
  displayStepName?: string | null;
  fromPreprocessFlow?: boolean | null;
  orderBy?: { field: 'STARTED_AT' | 'ENDED_AT'; direction: 'ASC' | 'DESC' } | null;
}

/** One page of executions of an owner, or of all, newest first. */
export async function executionConnection(
  owner: {
    instanceId?: string | undefined;
    customerId?: string | undefined;
    integrationId?: string | undefined;
  },
  args: ExecutionArgs,
  { deps, ctx }: GraphqlRequest,
) {
  const page = await listExecutions(deps, ctx, {
    ...owner,
    first: args.first,
    after: args.after,
    flowId: fromOptionalId('IntegrationFlow', args.flowConfig_Flow, 'flowConfig_Flow'),
    isTest: args.isTestExecution,
    status: args.status,
    startedAtGte: args.startedAt_Gte?.toISOString(),
    hasError: args.error_Isnull == null ? undefined : !args.error_Isnull,
    resultTypes: args.resultType_In && (withoutNulls(args.resultType_In) as ResultType[]),
  });
  return connectionOf(page);
}

export const executionFields: FieldsOf<ExecutionSource> = {
  ...same<ExecutionSource>('status', 'invokeType', 'endedAt', 'stepCount'),
  id: (execution) => toGlobalId('InstanceExecutionResult', execution._id),
  resultType: resultTypeOf,
  error: (execution) => execution.error?.message,
  isTestExecution: (execution) => execution.isTest,
  allocatedMemoryMb: ({ profile }, _args, { deps }) =>
    profile?.allocatedMemoryMb ?? deps.env.TENON_RUNNER_MEMORY_MB,
  startedAt: (execution) => execution.startedAt ?? execution.acceptedAt,
  queuedAt: (execution) => execution.queue?.queuedAt,
  retryCount: (execution) => execution.retryOf?.count ?? 0,
  maxRetryCount: (execution) => execution.maxRetryCount,
  retryForExecution: ({ retryOf }, _args, { load }) => retryOf && load.execution(retryOf.rootId),
  retryNextAt: (execution) => nextRetryAt(execution),
  retryUniqueRequestId: (execution) => execution.uniqueRequestId,
  retryAttempts: async (execution, { first, after }: PageArgs, { deps, ctx }) =>
    connectionOf(await listExecutions(deps, ctx, { retryRootId: execution._id, first, after })),
  lineage: ({ invokedBy }) => ({ invokedBy: invokedBy ?? null }),
  isLre: () => false,
  instanceType: () => 'INTEGRATION',
  canceledByExecution: ({ canceledByExecutionId }, _args, { load }) =>
    canceledByExecutionId === undefined ? null : load.execution(canceledByExecutionId),
  flow: async ({ instanceId, flowConfigId, integrationId }, _args, { load }) => {
    const flowConfig = await load.flowConfig(instanceId, flowConfigId);
    return flowConfig && { ...flowConfig.flow, integrationId };
  },
  flowConfig: ({ instanceId, flowConfigId }, _args, { load }) => load.flowConfig(instanceId, flowConfigId),
  instance: (execution, _args, { load }) => load.instance(execution.instanceId),
  integration: ({ integrationId, versionId }, _args, { load }) =>
    load.integration(versionId ?? integrationId),
  requestPayloadUrl: (execution, _args, { deps, ctx }) =>
    fileUrl(deps, ctx.actor, 'request-payloads', execution._id),
  responsePayloadUrl: (execution, _args, { deps, ctx }) =>
    fileUrl(deps, ctx.actor, 'response-payloads', execution._id),
  logs: (execution, args: LogArgs, request) => logConnection({ executionId: execution._id }, args, request),
  stepResults: async (execution, args: StepResultArgs, { deps, ctx }) =>
    connectionOf(
      await listStepResults(deps, ctx, {
        executionId: execution._id,
        first: args.first,
        last: args.last,
        after: args.after,
        displayStepName: args.displayStepName,
        fromPreprocessFlow: args.fromPreprocessFlow,
        orderBy: args.orderBy?.field,
        descending: args.orderBy?.direction === 'DESC',
      }),
    ),
};

export const stepResultFields: FieldsOf<StepResultSummary> = {
  ...same<StepResultSummary>('startedAt', 'endedAt', 'isLoopStep', 'fromPreprocessFlow'),
  id: (step) => toGlobalId('InstanceStepResult', step._id),
  isRootResult: (step) => step.path === TRIGGER_PATH,
  stepName: (step) => step.stepKey,
  displayStepName: (step) => step.stepName,
  hasError: (step) => step.error !== null,
  error: (step) => step.error?.message,
  branchName: (step) => step.branch,
  loopPath: (step) => step.loopPath || null,
  loopStepName: (step) => innermostLoop(step)?.name,
  loopStepIndex: (step) => innermostLoop(step)?.index,
  componentActionKey: async ({ executionId, path }, _args, { deps, load }) => {
    const execution = await load.execution(executionId);
    return execution && stepAction(deps, execution, path);
  },
  executionResult: (step, _args, { load }) => load.execution(step.executionId),
  instance: (step, _args, { load }) => load.instance(step.instanceId),
  resultsUrl: (step, _args, { deps, ctx }) => fileUrl(deps, ctx.actor, 'step-results', step._id),
};

/** Of `outer:3,inner:0`: `inner`, 0. */
function innermostLoop({ loopPath }: StepResultSummary): { name: string; index: number } | undefined {
  const innermost = loopPath.slice(loopPath.lastIndexOf(',') + 1);
  const at = innermost.lastIndexOf(':');
  return at < 0 ? undefined : { name: innermost.slice(0, at), index: Number(innermost.slice(at + 1)) };
}

export const executionFrameFields: FieldsOf<InvokedBy> = {
  ...same<InvokedBy>('stepName', 'loopPath'),
  execution: ({ executionId }, _args, { load }) => load.execution(executionId),
};
