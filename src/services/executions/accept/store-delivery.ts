import { internalUrl } from '../../../config/env';
import { INLINE_LIMIT_BYTES } from '../../../store/blobs';
import type { Execution, InvokeType, StoredRequest } from '../../../store/models/execution.model';
import { executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { uuidv7 } from '../../ids';
import type { Endpoint } from './find-endpoint';
import { insertExecution } from './insert-execution';

/** A request as it arrived at a flow's address. */
export interface IncomingRequest {
  method: string;
  pathFragment: string;
  query: string;
  url: string;
  headers: [name: string, value: string][];
  contentType: string;
  body: Buffer;
}

export interface StoreOptions {
  invokeType: InvokeType;
  isTest: boolean;
  isSynchronous: boolean;
  idempotencyKey?: string | undefined;
  /** It is started at once in a driver of its own; otherwise it waits to be gathered. */
  isAtOnce?: boolean;
  /** Given by schedules, whose workflow id is the key; made here otherwise. */
  id?: string;
  workflowId?: string;
}

/** How long an `Idempotency-Key` is remembered. */
export const IDEMPOTENCY_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * Stores a delivery and its execution, `accepted`, in one write: that write is the acknowledgement. The same
 * key within 24 hours answers the first execution.
 */
export async function storeDelivery(
  deps: Deps,
  endpoint: Endpoint,
  incoming: IncomingRequest,
  options: StoreOptions,
): Promise<{ execution: Execution; isDuplicate: boolean }> {
  const execution = await newExecution(deps, endpoint, incoming, options);
  try {
    await insertExecution(deps, execution);
    return { execution, isDuplicate: false };
  } catch (error) {
    if (!isDuplicateKey(error) || !execution.deliveryKey) throw error;
    return duplicateOf(deps, execution, execution.deliveryKey);
  }
}

async function duplicateOf(deps: Deps, execution: Execution, deliveryKey: string) {
  const oldest = new Date(Date.now() - IDEMPOTENCY_WINDOW_MS);
  const first = await deps.store.executions.findOne({ deliveryKey }).lean();
  if (first && first.acceptedAt >= oldest) return { execution: first, isDuplicate: true };
  // The key has expired: free it, then this delivery is a new one.
  await deps.store.executions.updateOne(
    { deliveryKey, acceptedAt: { $lt: oldest } },
    { $unset: { deliveryKey: 1 } },
  );
  await insertExecution(deps, execution);
  return { execution, isDuplicate: false };
}

/** A record in its first form; large bodies are stored as blobs on the way. */
export async function newExecution(
  deps: Deps,
  { flowConfig, instance, flow }: Endpoint,
  incoming: IncomingRequest,
  options: StoreOptions,
): Promise<Execution> {
  const id = options.id ?? uuidv7();
  const { deployment } = instance;
  return {
    _id: id,
    organizationId: instance.organizationId,
    customerId: instance.customerId,
    instanceId: instance._id,
    integrationId: instance.integrationId,
    versionId: deployment.versionId,
    flowConfigId: flowConfig._id,
    flowId: flowConfig.flowId,
    flowStableKey: flow.stableKey,
    flowName: flow.name,
    planId: deployment.planId,
    configRevisionId: deployment.configRevisionId,
    invokeType: options.invokeType,
    isTest: options.isTest,
    isSynchronous: options.isSynchronous,
    status: 'PENDING',
    phase: 'accepted',
    ...(options.idempotencyKey && { deliveryKey: `${flowConfig._id}:${options.idempotencyKey}` }),
    request: await storedRequest(deps, incoming, { instanceId: instance._id, executionId: id }),
    answer: null,
    replyTo: internalUrl(deps.env),
    error: null,
    workflowId: options.workflowId ?? (options.isAtOnce ? executionWorkflowId(id) : null),
    runId: null,
    epoch: 0,
    segment: { index: -1, tries: 0 },
    armedWait: null,
    stepCount: 0,
    acceptedAt: new Date(),
    startedAt: null,
    endedAt: null,
  };
}

async function storedRequest(
  deps: Deps,
  { body, ...rest }: IncomingRequest,
  owner: { instanceId: string; executionId: string },
): Promise<StoredRequest> {
  const isInline = body.length <= INLINE_LIMIT_BYTES;
  return {
    ...rest,
    body: isInline ? body : null,
    bodyBlobId: isInline ? null : await deps.store.blobs.put(body, owner),
    bodyBytes: body.length,
  };
}

function isDuplicateKey(error: unknown): boolean {
  return (error as { code?: unknown }).code === 11_000;
}
