import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { readBytes } from './read-bytes';
import type { HttpAnswer } from './response';

/** One request as it goes over the wire; nothing in it is changed any more. */
export interface WireRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: Uint8Array | string | undefined;
  /** For the whole exchange, answer included. */
  timeoutMs: number | undefined;
  ignoreSslErrors: boolean;
}

const DECODERS: Record<string, (() => Transform) | undefined> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
/** Answers to which no body belongs, whatever they say of its encoding. */
const BODILESS = new Set([204, 304]);
/** Sent a second time after a kept connection had closed; others might then be carried out twice. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

type Stale = Error & { code?: string; isStale?: boolean };

/** One for all steps, so that its connections are used again. */
const insecureAgent = new Agent({ rejectUnauthorized: false, keepAlive: true, timeout: 5_000 });

/**
 * Sends a request and reads the whole answer, over a connection that is kept for the next one. Node's own client:
 * it takes a quarter of the processor time of the clients built upon it. Throws Node's errors, those of
 * {@link readBytes}, and one with code ECONNABORTED when the time is over.
 */
export async function exchange(wire: WireRequest): Promise<HttpAnswer> {
  try {
    return await exchangeOnce(wire);
  } catch (error) {
    if (!(error as Stale).isStale || !IDEMPOTENT.has(wire.method)) throw error;
    return exchangeOnce(wire);
  }
}

async function exchangeOnce(wire: WireRequest): Promise<HttpAnswer> {
  const { method, url, headers, body, ignoreSslErrors } = wire;
  const isSecure = url.protocol === 'https:';
  const options: RequestOptions = {
    method,
    headers,
    ...(isSecure && ignoreSslErrors ? { agent: insecureAgent } : {}),
  };
  return new Promise<HttpAnswer>((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(url, options, (response) => {
      readAnswer(response, method)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
    const timer = wire.timeoutMs ? setTimeout(onTimeout, wire.timeoutMs) : undefined;
    function onTimeout(): void {
      const error = new Error('The time for the answer is over.');
      reject(Object.assign(error, { code: 'ECONNABORTED' }));
      request.destroy(error);
    }
    request.on('error', (error: Stale) => {
      clearTimeout(timer);
      // The other side closed a kept connection just as it was used again.
      const isClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(Object.assign(error, { isStale: request.reusedSocket && isClosed }));
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage, method: string): Promise<HttpAnswer> {
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = response;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  const isEmpty = method === 'HEAD' || BODILESS.has(status) || headers['content-length'] === '0';
  const decoder = isEmpty ? undefined : DECODERS[encoding]?.();
  if (decoder === undefined)
    return { status, statusText, headers: { ...headers }, bytes: await readBytes(response) };
  response.on('error', (error) => decoder.destroy(error));
  // Nobody reads the rest of what was given up, nor is it to come.
  decoder.on('error', () => response.destroy());
  const { 'content-encoding': _decoded, ...rest } = headers;
  return { status, statusText, headers: rest, bytes: await readBytes(response.pipe(decoder)) };
}
