import type { Request } from 'express';
import { publicUrl } from '../../config/env';
import { AppError, invalidField } from '../../errors';
import type { Deps } from '../../services/context';
import type { Delivery } from '../../services/executions/accept/delivery';
import { rawBody } from './raw-body';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_KEY_LENGTH = 255;

/** What a webhook call says, without any check of the flow; a large body is still to be read. */
export async function deliveryOfRequest(deps: Deps, req: Request): Promise<Delivery> {
  const { flowConfigId = '', rest } = req.params as { flowConfigId?: string; rest?: string[] };
  if (!UUID.test(flowConfigId)) throw new AppError('flow_not_found', 'No flow has this address.');
  const apiKey = req.get('api-key');
  const idempotencyKey = req.get('idempotency-key');
  if ((idempotencyKey?.length ?? 0) > MAX_KEY_LENGTH) {
    throw invalidField('Idempotency-Key', `The key is longer than ${MAX_KEY_LENGTH} characters.`);
  }
  const at = req.originalUrl.indexOf('?');
  const synchronousOverride = { true: true, false: false }[
    req.get('prismatic-synchronous')?.toLowerCase() ?? ''
  ];
  return {
    flowConfigId: flowConfigId.toLowerCase(),
    method: req.method,
    pathFragment: (rest ?? []).join('/'),
    query: at === -1 ? '' : req.originalUrl.slice(at + 1),
    url: `${publicUrl(deps.env)}${req.originalUrl}`,
    headers: headersAsSent(req.rawHeaders),
    contentType: req.get('content-type') ?? '',
    body: await rawBody(req, deps.env.TENON_WEBHOOK_MAX_BYTES),
    ...(apiKey !== undefined && { apiKey }),
    ...marksOf(req),
    ...(idempotencyKey && { idempotencyKey }),
    ...(synchronousOverride !== undefined && { synchronousOverride }),
  };
}

/** What a header may say beside the request; the door decides whether it counts at this address. */
function marksOf(req: Request): Pick<Delivery, 'invokedByHeader' | 'isDebug' | 'simulatedTriggerResult'> {
  const invokedByHeader = req.get('prismatic-invoked-by');
  const simulatedTriggerResult = req.get('prismatic-simulated-trigger-result');
  const isDebug = req.get('prismatic-debug')?.toLowerCase() === 'true';
  return {
    ...(invokedByHeader && { invokedByHeader }),
    ...(simulatedTriggerResult && { simulatedTriggerResult }),
    ...(isDebug && { isDebug }),
  };
}

/** Headers that are for this door and reach no flow. */
const NOT_FOR_FLOWS = new Set([
  'api-key',
  'prismatic-simulated-trigger-result',
  'prismatic-simulated-test-execution',
  'prismatic-debug',
  'prismatic-invoked-by',
]);

/** Names in the sender's letter case and order: flows compare signatures by them. */
function headersAsSent(raw: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    if (!NOT_FOR_FLOWS.has(name.toLowerCase())) headers.push([name, value]);
  }
  return headers;
}
