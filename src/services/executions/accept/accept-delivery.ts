import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanFlow } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { InvokedBy } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { routeDelivery } from '../route/route-delivery';
import { assertDepth } from './assert-depth';
import { awaitAnswer, expectAnswer } from './await-answer';
import { type Delivery, requestOf } from './delivery';
import { checkApiKey, type Endpoint, findEndpoint, isWithoutWebhook, lookUpEndpoint } from './find-endpoint';
import type { SentAnswer } from './flow-answer';
import { callerOf, originOf } from './origin-of';
import { refuse } from './refuse';
import { storeAndStart } from './store-and-start';

export interface AcceptedDelivery {
  executionId: string;
  isDuplicate: boolean;
  /** The caller waits: for the flow's end, or for the trigger's own response. */
  isSynchronous: boolean;
  /**
   * Waits for the answer. Rejects with `answer_timeout` when it does not come in time; the execution goes on.
   */
  answer(): Promise<SentAnswer>;
}

/**
 * Accepts a delivery at a flow's webhook. It is acknowledged when it is stored; its start follows by itself,
 * and the sweeper repairs a start that fails. A caller who waits is refused while Temporal is away.
 */
export async function acceptDelivery(deps: Deps, delivery: Delivery): Promise<AcceptedDelivery> {
  const direct = await lookUpEndpoint(deps, delivery.flowConfigId);
  if (!direct) return acceptShared(deps, delivery);
  const invokedBy = await callerOf(deps, direct, delivery);
  // What its shared address checks must not be got round: only its siblings call such a flow directly. Its own
  // address is what code is told, and may give to third parties; theirs is as if sent to the shared one.
  if (direct.sharedAddressId !== undefined && !invokedBy)
    return acceptShared(deps, { ...delivery, flowConfigId: direct.sharedAddressId });
  return acceptAt(deps, direct, delivery, invokedBy);
}

/** Accepts what was sent to an address that flows share, at the flow that it is for. */
async function acceptShared(deps: Deps, delivery: Delivery): Promise<AcceptedDelivery> {
  const routed = await routeDelivery(deps, delivery);
  if (!routed) throw new AppError('flow_not_found', 'No flow has this address.');
  if (routed.kind === 'answered') {
    const { executionId, answer } = routed;
    return { executionId, isDuplicate: false, isSynchronous: true, answer: async () => answer };
  }
  const endpoint = await findEndpoint(deps, routed.delivery.flowConfigId);
  return acceptAt(deps, endpoint, routed.delivery);
}

async function acceptAt(
  deps: Deps,
  endpoint: Endpoint,
  delivery: Delivery,
  invokedBy?: InvokedBy,
): Promise<AcceptedDelivery> {
  if (!endpoint.instance.isSystem && isWithoutWebhook(endpoint.flow))
    throw new AppError('flow_not_found', 'This flow is not started by requests; it has no webhook.');
  checkApiKey(deps, endpoint, delivery.apiKey);
  const { flow, flowConfig, instance } = endpoint;
  await assertDepth(deps, { instanceId: instance._id, ...(flow.queue && { flowConfigId: flowConfig._id }) });
  const isSynchronous = delivery.synchronousOverride ?? endpoint.flow.isSynchronous;
  const isWaiting = isSynchronous || answersFromTrigger(endpoint.flow);
  const incoming = requestOf(delivery, invokedBy !== undefined);
  const options = { ...originOf(endpoint, delivery, invokedBy), isSynchronous };
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
  } else start.catch(ignore);
  return {
    executionId: execution._id,
    isDuplicate,
    isSynchronous: isWaiting,
    answer: () => awaitAnswer(deps, execution._id),
  };
}

/** Made out here: a function that is made for each delivery would hold it for as long as it waits for its start. */
const ignore = (): void => undefined;

/** Built-in components whose triggers give no response. */
const NEVER_ANSWER = new Set(['schedule-triggers', 'management-triggers', 'cross-flow', 'recursive-flow']);

/** Whether the trigger computes the asynchronous answer, so that the caller waits for it. */
function answersFromTrigger({ trigger }: PlanFlow): boolean {
  const { key, isPublic } = trigger.component;
  if (isPublic && NEVER_ANSWER.has(key)) return false;
  if (!isPublic || key !== 'webhook-triggers') return true;
  return ['body', 'contentType', 'headers', 'statusCode'].some((key) => {
    const input = trigger.inputs[key];
    if (!input) return false;
    if (input.kind === 'value') return input.value !== '' && input.value !== undefined;
    return (input.kind !== 'list' && input.kind !== 'pairs') || input.items.length > 0;
  });
}
