import type { PlanFlow } from '../../../engine/plan';
import { INLINE_LIMIT_BYTES } from '../../../store/blobs';
import type { Execution } from '../../../store/models/execution.model';
import { uuidv5 } from '../../ids';
import { memberOrder } from '../queue/queue-order';
import { flowLimit } from '../queue/queue-rules';

/** Where a run stands among those that a trigger's run is cut into. */
export interface MemberPlace {
  page: number;
  /** Within the page. */
  place: number;
}

/** The id of that run: the same however often the page is stored. */
export function memberId(executionId: string, { page, place }: MemberPlace): string {
  return uuidv5(executionId, `batch:${page}/${place}`);
}

/**
 * A run of its own for items of a trigger's run. It waits in its flow's queue, or in one of the trigger's run where the
 * flow has no limit, and reads what it got from its journal in place of running the trigger.
 */
export function memberExecution(of: Execution, flow: PlanFlow, at: MemberPlace, data: unknown): Execution {
  const id = memberId(of._id, at);
  const key = flowLimit(flow) === undefined ? of._id : of.flowConfigId;
  const now = new Date();
  const { organizationId, customerId, instanceId, integrationId, versionId, flowConfigId, flowId } = of;
  const { flowStableKey, flowName, planId, configRevisionId, invokeType, isTest } = of;
  return {
    _id: id,
    organizationId,
    customerId,
    instanceId,
    integrationId,
    versionId,
    flowConfigId,
    flowId,
    flowStableKey,
    flowName,
    planId,
    configRevisionId,
    invokeType,
    isTest,
    ...(of.profile && { profile: of.profile }),
    ...(of.user && { user: of.user }),
    ...(of.invokedBy && { invokedBy: of.invokedBy }),
    ...(of.isDebug && { isDebug: true }),
    isSynchronous: false,
    isAwaited: false,
    status: 'QUEUED',
    phase: 'queued',
    queue: { key, state: 'waiting', order: memberOrder(of, at.page, at.place), queuedAt: now },
    fanOutOf: of._id,
    request: {
      ...of.request,
      ...(of.profile?.stepResultsDisabled ? NO_BODY : bodyOf(data)),
      contentType: 'application/json',
    },
    answer: null,
    error: null,
    workflowId: null,
    runId: null,
    // Its journal is there before it begins.
    epoch: 1,
    segment: { index: -1, tries: 0 },
    armedWait: null,
    stepCount: 1,
    acceptedAt: now,
    startedAt: null,
    endedAt: null,
  };
}

/** What the trigger gave is not to be seen. */
const NO_BODY = { body: null, bodyBlobId: null, bodyBytes: 0 };

/** What people are shown as its request; the run itself gets its items from the journal, where bytes stay bytes. */
function bodyOf(data: unknown): Pick<Execution['request'], 'body' | 'bodyBlobId' | 'bodyBytes'> {
  const text = JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const body = Buffer.from(text ?? '');
  return body.length > INLINE_LIMIT_BYTES ? NO_BODY : { body, bodyBlobId: null, bodyBytes: body.length };
}
