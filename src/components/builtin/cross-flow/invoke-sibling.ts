import { setTimeout as wait } from 'node:timers/promises';
import type { ActionContext } from '@prismatic-io/spectral';
import { isBinary } from '../clean-input';
import { type SiblingResponse, saidBy } from './sibling-answer';

/** What a call of a sibling needs of the action context. */
export type InvokerContext = Pick<ActionContext, 'invokeFlow' | 'webhookUrls'>;

export interface InvokeOptions {
  headers?: Record<string, string>;
  /** Milliseconds until the call is given up. */
  timeoutMs?: number;
}

/** Longer than any synchronous answer takes. */
const TIMEOUT_MS = 120_000;
/** Tries of a request that was surely not taken; in between half a second, doubling, or what the answer asks. */
const MAX_TRIES = 5;
const MAX_WAIT_MS = 10_000;

/**
 * Sends data to a flow of the same instance over HTTP, with this execution named as the caller. A full server
 * is asked again a few times. Throws when the flow is unknown, cannot be reached or answers with an error.
 */
export async function invokeSibling(
  context: InvokerContext,
  flowName: string,
  data: unknown,
  options: InvokeOptions = {},
): Promise<SiblingResponse> {
  checkFlow(context, flowName);
  const { body, contentType } = toBody(data);
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(context, flowName, body, contentType, options, attempt);
    const isFull = response === undefined || response.status === 429 || response.status === 503;
    if (isFull && attempt < MAX_TRIES) {
      await wait(delayMs(attempt, response));
      continue;
    }
    if (response === undefined)
      throw new Error(`Flow "${flowName}" cannot be reached: the connection is refused.`);
    if (response.status < 400) return response;
    throw new Error(
      `Flow "${flowName}" answered with status ${response.status}: ${saidBy(response) || 'no reason given'}`,
    );
  }
}

/** `undefined` when nothing listens there, so that asking again does no harm. */
async function send(
  context: InvokerContext,
  flowName: string,
  body: unknown,
  contentType: string | undefined,
  { headers = {}, timeoutMs = TIMEOUT_MS }: InvokeOptions,
  attempt: number,
): Promise<SiblingResponse | undefined> {
  try {
    return await context.invokeFlow(flowName, body as Record<string, unknown>, {
      headers: { ...(contentType === undefined ? {} : { 'Content-Type': contentType }), ...headers },
      responseType: 'arraybuffer',
      timeout: timeoutMs,
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
    });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (code === 'ECONNREFUSED' && attempt < MAX_TRIES) return undefined;
    throw new Error(`Flow "${flowName}" cannot be invoked: ${String(message)}`, { cause: error });
  }
}

function checkFlow({ webhookUrls }: InvokerContext, flowName: string): void {
  const names = Object.keys(webhookUrls ?? {});
  if (names.includes(flowName)) return;
  const known =
    names.length === 0
      ? 'it has none with a webhook'
      : `there are ${names.map((name) => `"${name}"`).join(', ')}`;
  throw new Error(
    flowName === ''
      ? `Flow Name is empty; ${known}.`
      : `This instance has no flow named "${flowName}": ${known}.`,
  );
}

/** Bytes and text as they are, everything else as JSON. */
function toBody(data: unknown): { body: unknown; contentType: string | undefined } {
  if (data === undefined || data === null || data === '') return { body: undefined, contentType: undefined };
  if (data instanceof Uint8Array) return { body: Buffer.from(data), contentType: 'application/octet-stream' };
  if (isBinary(data))
    return { body: Buffer.from(data.data), contentType: data.contentType ?? 'application/octet-stream' };
  if (typeof data === 'string')
    return { body: data, contentType: isJson(data) ? 'application/json' : 'text/plain' };
  return { body: JSON.stringify(data), contentType: 'application/json' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function delayMs(attempt: number, response: SiblingResponse | undefined): number {
  const asked = Number(response?.headers['retry-after']) * 1000;
  const own = 500 * 2 ** (attempt - 1);
  return Math.min(asked > 0 ? Math.max(asked, own) : own, MAX_WAIT_MS);
}
