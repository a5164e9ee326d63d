import type { ActionLogger, Connection } from '@prismatic-io/spectral';
import type { RequestBody } from './body';
import { authorizationHeaders } from './connections';
import { logAnswer, logRequest } from './debug';
import { answerError, failureError } from './errors';
import type { WireRequest } from './exchange';
import type { ResponseType } from './inputs';
import { exchangeFollowing } from './redirect';
import { type HttpAnswer, toResult } from './response';
import { withRetries } from './retry';

/** Methods that name a content type even without a body, as HTTP clients do. */
const SENDS_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** The cleaned inputs that every HTTP action has. */
export interface RequestOptions {
  connection: Connection | undefined;
  url: string;
  responseType: ResponseType;
  headers: Record<string, string>;
  queryParams: Record<string, string>;
  timeout: number | undefined;
  maxRetries: number | undefined;
  retryDelayMS: number | undefined;
  useExponentialBackoff: boolean;
  retryOnAllErrors: boolean;
  includeFullResponse: boolean;
  debugRequest: boolean;
  ignoreSslErrors: boolean;
  maxRedirects: number | undefined;
}

/** Sends one request and gives the step's result; throws an error that names method, URL and status. */
export async function sendRequest(
  context: { logger: ActionLogger },
  method: string,
  options: RequestOptions,
  body: RequestBody = { payload: undefined },
): Promise<{ data: unknown; contentType?: string }> {
  checkUrl(options.url);
  const credentials = authorizationHeaders(options.connection);
  const secretHeaders = Object.keys(credentials);
  const headers = { ...contentTypeHeader(body, options.headers), ...options.headers, ...credentials };
  if (options.debugRequest) logRequest(context.logger, method, options.url, headers, body, secretHeaders);
  const answer = await send(method, options, headers, body, secretHeaders);
  if (options.debugRequest) logAnswer(context.logger, answer);
  const isRedirectAsked = options.maxRedirects === 0 && answer.status >= 300 && answer.status < 400;
  if ((answer.status < 200 || answer.status > 299) && !isRedirectAsked) {
    throw answerError(method, options.url, answer, options.connection);
  }
  return toResult(answer, options.responseType, options.includeFullResponse);
}

async function send(
  method: string,
  options: RequestOptions,
  headers: Record<string, string>,
  body: RequestBody,
  secretHeaders: string[],
): Promise<HttpAnswer> {
  try {
    const wire = await wireRequest(method, options, headers, body);
    const maxRedirects = options.maxRedirects ?? 5;
    return await withRetries(options, () => exchangeFollowing(wire, maxRedirects, secretHeaders));
  } catch (error) {
    throw failureError(method, options.url, error, options.timeout);
  }
}

async function wireRequest(
  method: string,
  options: RequestOptions,
  given: Record<string, string>,
  { payload }: RequestBody,
): Promise<WireRequest> {
  const url = new URL(withQuery(options.url, options.queryParams));
  // A form writes itself, with the boundary in its type.
  const form = payload instanceof FormData ? new Response(payload) : undefined;
  const formType = form?.headers.get('content-type');
  const headers: Record<string, string> = {
    ...defaultHeaders(method, given),
    ...given,
    ...(typeof formType === 'string' ? { 'Content-Type': formType } : {}),
  };
  const body =
    form === undefined ? (payload as Uint8Array | string | undefined) : Buffer.from(await form.arrayBuffer());
  if (body !== undefined) headers['Content-Length'] = String(Buffer.byteLength(body));
  return { method, url, headers, body, timeoutMs: options.timeout, ignoreSslErrors: options.ignoreSslErrors };
}

/** What a request says of itself unless the author says it. */
function defaultHeaders(method: string, given: Record<string, string>): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const defaults: Record<string, string> = {
    Accept: 'application/json, text/plain, */*',
    'Accept-Encoding': 'gzip, deflate, br',
    'User-Agent': 'tenon',
    ...(SENDS_BODY.has(method) ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
  };
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase())));
}

/** The address with the parameters behind its own, without its fragment. */
function withQuery(address: string, params: Record<string, string>): string {
  const plain = address.replace(/#.*$/s, '');
  const query = Object.entries(params).map(([name, value]) => `${encodeQuery(name)}=${encodeQuery(value)}`);
  if (query.length === 0) return plain;
  return `${plain}${plain.includes('?') ? '&' : '?'}${query.join('&')}`;
}

/** Colons, dollars and commas stay readable, as many services expect them. */
function encodeQuery(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replaceAll('%24', '$')
    .replaceAll('%2C', ',')
    .replaceAll('%20', '+');
}

function contentTypeHeader(body: RequestBody, given: Record<string, string>): Record<string, string> {
  const isGiven = Object.keys(given).some((name) => name.toLowerCase() === 'content-type');
  return isGiven || body.contentType === undefined ? {} : { 'Content-Type': body.contentType };
}

function checkUrl(url: string): void {
  const isHttp = /^https?:\/\//i.test(url) && URL.canParse(url);
  if (!isHttp) throw new Error(`URL must be a whole http or https address, got "${url.slice(0, 200)}".`);
}
