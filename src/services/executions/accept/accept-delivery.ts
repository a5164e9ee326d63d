import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanFlow } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { gathererOf } from '../start/gatherer-of';
import { assertDepth } from './assert-depth';
import { awaitAnswer, expectAnswer } from './await-answer';
import { checkApiKey, type Endpoint, findEndpoint, isScheduleOnly } from './find-endpoint';
import type { FlowAnswer } from './flow-answer';
import { refuse } from './refuse';
import { findFirst, type StoreOptions, storeDelivery } from './store-delivery';
import { type IncomingRequest, isSmall, readAhead, storedRequest } from './stored-request';

export interface Delivery extends IncomingRequest {
  flowConfigId: string;
  apiKey?: string;
  idempotencyKey?: string;
  /** The caller's own choice, over the flow's. */
  synchronousOverride?: boolean;
}

export interface AcceptedDelivery {
  executionId: string;
  isDuplicate: boolean;
  /** The caller waits: for the flow's end, or for the trigger's own response. */
  isSynchronous: boolean;
  /**
   * Waits for the answer. Rejects with `answer_timeout` when it does not come in time; the execution goes on.
   */
  answer(): Promise<FlowAnswer>;
}

/**
 * Accepts a delivery at a flow's webhook. It is acknowledged when it is stored; its start follows by itself,
 * and the sweeper repairs a start that fails. A caller who waits is refused while Temporal is away.
 */
export async function acceptDelivery(deps: Deps, delivery: Delivery): Promise<AcceptedDelivery> {
  const endpoint = await findEndpoint(deps, delivery.flowConfigId);
  if (isScheduleOnly(endpoint.flow))
    throw new AppError('flow_not_found', 'This flow runs by schedule; it has no webhook.');
  checkApiKey(endpoint, delivery.apiKey);
  await assertDepth(deps, endpoint.instance._id);
  const isSynchronous = delivery.synchronousOverride ?? endpoint.flow.isSynchronous;
  const isWaiting = isSynchronous || answersFromTrigger(endpoint.flow);
  const { flowConfigId: _, apiKey: __, idempotencyKey, synchronousOverride: ___, ...incoming } = delivery;
  const options = { invokeType: 'WEBHOOK', isTest: false, isSynchronous, idempotencyKey } as const;
  const { execution, isDuplicate, start } = await storeAndStart(deps, endpoint, incoming, options, isWaiting);
  if (isWaiting && !isDuplicate) {
    const limitMs = deps.env.TENON_SYNC_ANSWER_SECONDS * 1000;
    expectAnswer(execution._id, Date.now() + limitMs);
    // The wait for its turn counts too: past the limit the caller is told so, and the execution goes on.
    const waiting = new AbortController();
    const isLate = sleep(limitMs, undefined, { ref: false, signal: waiting.signal });
    await Promise.race([start, isLate])
      .catch((error: unknown) => refuse(deps, execution._id, error))
      .finally(() => waiting.abort());
  } else start.catch(() => undefined);
  return {
    executionId: execution._id,
    isDuplicate,
    isSynchronous: isWaiting,
    answer: () => awaitAnswer(deps, execution._id),
  };
}

/** Stores a delivery, decides whether it starts at once or gathers, and lets it go. */
export async function storeAndStart(
  deps: Deps,
  endpoint: Endpoint,
  incoming: IncomingRequest,
  options: StoreOptions,
  isAwaited = false,
): Promise<{ execution: Execution; isDuplicate: boolean; start: Promise<void> }> {
  const { idempotencyKey } = options;
  const body = await readAhead(incoming.body);
  // A repeated delivery must not leave a body that nothing refers to.
  const first = idempotencyKey && !isSmall(body) && (await findFirst(deps, endpoint, idempotencyKey));
  if (first) return { execution: first, isDuplicate: true, start: Promise.resolve() };
  const owner = { instanceId: endpoint.instance._id };
  const request = await storedRequest(deps, { ...incoming, body }, owner);
  // Only now, since the sender may take its time.
  const gatherer = gathererOf(deps);
  const isAtOnce = gatherer.reserve(endpoint.instance.customerId);
  let stored: { execution: Execution; isDuplicate: boolean } | undefined;
  try {
    stored = await storeDelivery(deps, endpoint, request, { ...options, isAwaited, isAtOnce });
  } finally {
    if (isAtOnce && (!stored || stored.isDuplicate)) gatherer.cancelReservation();
  }
  if (stored.isDuplicate) return { ...stored, start: Promise.resolve() };
  const isAlone = endpoint.instance.stepsPerActivity !== null;
  const startable = { execution: stored.execution, isAlone, isAwaited };
  const start = isAtOnce ? gatherer.startReserved(startable) : gatherer.offer(startable);
  return { ...stored, start };
}

/** Whether the trigger computes the asynchronous answer, so that the caller waits for it. */
function answersFromTrigger({ trigger }: PlanFlow): boolean {
  if (trigger.component.key !== 'webhook-triggers')
    return !['schedule-triggers'].includes(trigger.component.key);
  return ['body', 'contentType', 'headers', 'statusCode'].some((key) => {
    const input = trigger.inputs[key];
    if (!input) return false;
    if (input.kind === 'value') return input.value !== '' && input.value !== undefined;
    return (input.kind !== 'list' && input.kind !== 'pairs') || input.items.length > 0;
  });
}
