import type { ActionLogger } from '@prismatic-io/spectral';
import type { RequestBody } from './body';
import { safeUrl } from './errors';
import { bodyText, type HttpAnswer } from './response';

const SHOWN_BODY = 1024;
const SECRET_HEADERS = /^(proxy-)?authorization$|cookie|token|secret|api-?key/i;

/** Logs a request without its credentials and query. */
export function logRequest(
  logger: ActionLogger,
  method: string,
  url: string,
  headers: Record<string, string>,
  { payload }: RequestBody,
  secretHeaders: string[],
): void {
  const body = typeof payload === 'string' ? payload.slice(0, SHOWN_BODY) : describe(payload);
  logger.debug('HTTP request', { method, url: safeUrl(url), headers: redact(headers, secretHeaders), body });
}

/** Logs an answer without cookies. */
export function logAnswer(logger: ActionLogger, answer: HttpAnswer): void {
  const body = bodyText(answer).slice(0, SHOWN_BODY);
  logger.debug('HTTP answer', { status: answer.status, headers: redact(answer.headers, []), body });
}

function describe(payload: Exclude<RequestBody['payload'], string>): string {
  if (payload === undefined) return '';
  return payload instanceof Uint8Array
    ? `<${payload.byteLength} bytes>`
    : `<form: ${[...payload.keys()].join(', ')}>`;
}

function redact(headers: Record<string, unknown>, secret: string[]): Record<string, unknown> {
  const isSecret = (name: string) => secret.includes(name) || SECRET_HEADERS.test(name);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? '[redacted]' : value]),
  );
}
