import { Agent } from 'node:https';
import type { ActionLogger, Connection } from '@prismatic-io/spectral';
import { createClient, type HttpClient } from '@prismatic-io/spectral/dist/clients/http';
import type { RequestBody } from './body';
import { authorizationHeaders } from './connections';
import { logAnswer, logRequest } from './debug';
import { answerError, failureError } from './errors';
import type { ResponseType } from './inputs';
import { type HttpAnswer, toResult } from './response';

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
    const response = await clientFor(options).request<ArrayBuffer>({
      method,
      url: options.url,
      headers,
      params: options.queryParams,
      data: body.payload,
      // The body is ready to send; axios would guess its type again.
      transformRequest: [(payload: unknown) => payload],
      responseType: 'arraybuffer',
      maxRedirects: options.maxRedirects ?? 5,
      sensitiveHeaders: secretHeaders,
      ...(options.ignoreSslErrors ? { httpsAgent: new Agent({ rejectUnauthorized: false }) } : {}),
    });
    return toAnswer(response);
  } catch (error) {
    const { response } = error as { response?: Parameters<typeof toAnswer>[0] };
    if (response !== undefined) return toAnswer(response);
    throw failureError(method, options.url, error, options.timeout);
  }
}

function clientFor(options: RequestOptions): HttpClient {
  const { timeout, maxRetries, retryDelayMS, useExponentialBackoff, retryOnAllErrors } = options;
  return createClient({
    ...(timeout === undefined ? {} : { timeout }),
    retryConfig: {
      retries: maxRetries ?? 0,
      shouldResetTimeout: true,
      useExponentialBackoff,
      // Without a delay the SDK's client takes its own exponential one.
      ...(useExponentialBackoff ? {} : { retryDelay: retryDelayMS ?? 0 }),
      retryAllErrors: retryOnAllErrors,
      retryCondition: (error) =>
        error.response === undefined ? error.code !== 'ECONNABORTED' : error.response.status >= 500,
    },
  });
}

function toAnswer(response: {
  status: number;
  statusText: string;
  headers: object;
  data: unknown;
}): HttpAnswer {
  const { status, statusText, headers, data } = response;
  const bytes =
    data instanceof Uint8Array ? Buffer.from(data) : Buffer.from(typeof data === 'string' ? data : '');
  return { status, statusText, headers: { ...headers } as Record<string, unknown>, bytes };
}

function contentTypeHeader(body: RequestBody, given: Record<string, string>): Record<string, string> {
  const isGiven = Object.keys(given).some((name) => name.toLowerCase() === 'content-type');
  return isGiven || body.contentType === undefined ? {} : { 'Content-Type': body.contentType };
}

function checkUrl(url: string): void {
  const isHttp = /^https?:\/\//i.test(url) && URL.canParse(url);
  if (!isHttp) throw new Error(`URL must be a whole http or https address, got "${url.slice(0, 200)}".`);
}
