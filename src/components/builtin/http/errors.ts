import { type Connection, ConnectionError } from '@prismatic-io/spectral';
import { bodyText, type HttpAnswer } from './response';

const SHOWN_BODY = 500;

/** An HTTP call that failed; carries nothing of the request but method and address. */
export class HttpError extends Error {
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;

  constructor(message: string, method: string, url: string, status?: number) {
    super(message);
    this.name = 'HttpError';
    this.method = method;
    this.url = url;
    this.status = status;
  }
}

/** The address without what may be secret: user, password, query and fragment. */
export function safeUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed === undefined ? '(invalid URL)' : `${parsed.origin}${parsed.pathname}`;
}

/** The error for an answer outside 200 to 299; a refused connection's is a connection error. */
export function answerError(
  method: string,
  url: string,
  answer: HttpAnswer,
  connection: Connection | undefined,
): Error {
  const address = safeUrl(url);
  const text = bodyText(answer).trim();
  const shown = text.length > SHOWN_BODY ? `${text.slice(0, SHOWN_BODY)}…` : text;
  const status = `${answer.status} ${answer.statusText}`.trim();
  const message = `${method} ${address} answered ${status}${shown === '' ? '' : `: ${shown}`}`;
  return answer.status === 401 && connection
    ? new ConnectionError(connection, message)
    : new HttpError(message, method, address, answer.status);
}

/** The error for a request without an answer. */
export function failureError(
  method: string,
  url: string,
  error: unknown,
  timeoutMs: number | undefined,
): Error {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: { message?: string } };
  const address = safeUrl(url);
  const isTimeout = code === 'ECONNABORTED' && timeoutMs !== undefined;
  const reason = isTimeout
    ? `no answer within ${timeoutMs} ms`
    : message || cause?.message || code || 'unknown cause';
  return new HttpError(`${method} ${address} failed: ${reason}`, method, address);
}
