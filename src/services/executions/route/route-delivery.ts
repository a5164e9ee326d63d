import type { Deps } from '../../context';
import { type Delivery, requestOf } from '../accept/delivery';
import type { SentAnswer } from '../accept/flow-answer';
import { findSharedAddress } from './find-shared-address';
import { findTarget } from './find-target';
import { preprocess } from './preprocess';
import { routingFields } from './routing-fields';

/** Where a delivery at a shared address went: to a flow, or no further than the preprocess flow, which answered it. */
export type Routed =
  | { kind: 'delivery'; delivery: Delivery }
  | { kind: 'answered'; executionId: string; answer: SentAnswer };

/**
 * Finds the flow that a delivery at a shared address is for: by its preprocess flow, or by fields of the request
 * alone. Undefined when the address is none. What cannot be routed is refused and leaves no execution of a flow.
 */
export async function routeDelivery(deps: Deps, delivery: Delivery): Promise<Routed | undefined> {
  const address = await findSharedAddress(deps, delivery.flowConfigId);
  if (!address) return undefined;
  // Read whole: its fields are looked at, and a preprocess flow and its target both get it.
  const body = await wholeBody(delivery.body);
  const request = { ...requestOf(delivery, false), body };
  const { preprocessFlow } = address.endpoint;
  const preprocessed =
    preprocessFlow === undefined
      ? undefined
      : await preprocess(deps, address, preprocessFlow, request, delivery.apiKey);
  const preprocessExecutionId = preprocessed?.executionId;
  if (preprocessed?.ownAnswer)
    return { kind: 'answered', executionId: preprocessed.executionId, answer: preprocessed.ownAnswer };
  const fields = await routingFields(deps, address.endpoint, request, preprocessExecutionId);
  const target = await findTarget(deps, address, fields);
  return {
    kind: 'delivery',
    delivery: { ...delivery, body, ...target, ...(preprocessExecutionId && { preprocessExecutionId }) },
  };
}

async function wholeBody(body: Delivery['body']): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
