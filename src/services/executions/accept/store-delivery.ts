import { setTimeout as sleep } from 'node:timers/promises';
import { internalUrl } from '../../../config/env';
import { indexedText } from '../../../store/indexed-text';
import type { Execution, InvokedBy, InvokeType, RunUser } from '../../../store/models/execution.model';
import type { StoredRequest } from '../../../store/models/stored-exchange';
import { executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { uuidv7 } from '../../ids';
import { queueMark } from '../queue/queue-mark';
import type { Endpoint } from './find-endpoint';
import { insertExecution } from './insert-execution';
import { type IncomingRequest, storedRequest } from './stored-request';

export interface StoreOptions {
  invokeType: InvokeType;
  isTest: boolean;
  isSynchronous: boolean;
  isPreprocess?: boolean;
  preprocessExecutionId?: string | undefined;
  /** Whose values it has; a run that another called has those of its caller. */
  user?: RunUser | undefined;
  invokedBy?: InvokedBy | undefined;
  isDebug?: boolean;
  simulatedTriggerResult?: string | undefined;
  /** A caller waits in this process. */
  isAwaited?: boolean;
  idempotencyKey?: string | undefined;
  /** It is started at once in a driver of its own; otherwise it waits to be gathered. */
  isAtOnce?: boolean;
  /** Given by schedules, whose workflow id is the key; made here otherwise. */
  id?: string;
  workflowId?: string;
}

const MOST_LOOKS = 100;
const LOOK_EVERY_MS = 20;

/** How long an `Idempotency-Key` is remembered. */
export const IDEMPOTENCY_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * Stores a delivery and its execution, `accepted`, in one write: that write is the acknowledgement. The same
 * key within 24 hours answers the first execution.
 */
export async function storeDelivery(
  deps: Deps,
  endpoint: Endpoint,
  request: StoredRequest,
  options: StoreOptions,
): Promise<{ execution: Execution; isDuplicate: boolean }> {
  const execution = executionOf(deps, endpoint, request, options);
  try {
    await insertExecution(deps, execution);
    return { execution, isDuplicate: false };
  } catch (error) {
    if (!isDuplicateKey(error) || !execution.deliveryKey) throw error;
    return duplicateOf(deps, execution, execution.deliveryKey);
  }
}

/** The execution that a key stands for already; null for a key that is new or has expired. */
export async function findFirst(
  deps: Deps,
  endpoint: Endpoint,
  idempotencyKey: string,
): Promise<Execution | null> {
  const acceptedAt = { $gte: new Date(Date.now() - IDEMPOTENCY_WINDOW_MS) };
  return deps.store.executions
    .findOne({ deliveryKey: indexedText(deliveryKeyOf(endpoint, idempotencyKey)), acceptedAt })
    .readConcern('majority')
    .lean<Execution>();
}

const deliveryKeyOf = ({ flowConfig }: Endpoint, idempotencyKey: string): string =>
  `${flowConfig._id}:${idempotencyKey}`;

async function duplicateOf(deps: Deps, execution: Execution, deliveryKey: string) {
  const oldest = new Date(Date.now() - IDEMPOTENCY_WINDOW_MS);
  const first = await storedFirst(deps, deliveryKey);
  if (first && first.acceptedAt >= oldest) return { execution: first, isDuplicate: true };
  // The key has expired: free it, then this delivery is a new one.
  await deps.store.executions.updateOne(
    { deliveryKey: indexedText(deliveryKey), acceptedAt: { $lt: oldest } },
    { $unset: { deliveryKey: 1 } },
  );
  await insertExecution(deps, execution);
  return { execution, isDuplicate: false };
}

/** Its answer is an acknowledgement too, so the first one's write may still have to reach the majority. */
async function storedFirst(deps: Deps, deliveryKey: string): Promise<Execution | null> {
  const read = () =>
    deps.store.executions
      .findOne({ deliveryKey: indexedText(deliveryKey) })
      .readConcern('majority')
      .lean<Execution>()
      .exec();
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const first = await read();
    if (first) return first;
    await sleep(LOOK_EVERY_MS);
  }
  return read();
}

/** A record in its first form; a large body is stored as a blob on the way. */
export async function newExecution(
  deps: Deps,
  endpoint: Endpoint,
  incoming: IncomingRequest,
  options: StoreOptions,
): Promise<Execution> {
  const request = await storedRequest(deps, incoming, { instanceId: endpoint.instance._id });
  return executionOf(deps, endpoint, request, options);
}

function executionOf(
  deps: Deps,
  endpoint: Endpoint,
  request: StoredRequest,
  options: StoreOptions,
): Execution {
  const { flowConfig, instance, flow } = endpoint;
  const id = options.id ?? uuidv7();
  const { deployment } = instance;
  const user = options.user ?? options.invokedBy?.user;
  const execution: Execution = {
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
    ...(deployment.profile && { profile: deployment.profile }),
    invokeType: options.invokeType,
    isTest: options.isTest,
    ...(options.isPreprocess && { isPreprocess: true }),
    ...(options.preprocessExecutionId && { preprocessExecutionId: options.preprocessExecutionId }),
    ...(user && { user }),
    ...(options.invokedBy && { invokedBy: options.invokedBy }),
    ...(options.isDebug && { isDebug: true }),
    ...(options.simulatedTriggerResult && { simulatedTriggerResult: options.simulatedTriggerResult }),
    isSynchronous: options.isSynchronous,
    isAwaited: options.isAwaited ?? false,
    status: 'PENDING',
    phase: 'accepted',
    ...(options.idempotencyKey && {
      deliveryKey: deliveryKeyOf(endpoint, options.idempotencyKey),
    }),
    request,
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
  const queue = queueMark(flow, execution);
  return queue ? { ...execution, queue } : execution;
}

function isDuplicateKey(error: unknown): boolean {
  return (error as { code?: unknown }).code === 11_000;
}
