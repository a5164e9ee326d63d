import { type Connection, ConnectionError } from '@prismatic-io/spectral';
import { bodyText, type HttpAnswer } from './response';

/** An HTTP call that failed; carries nothing of the request but method and address, and the answer's text as data. */
export class HttpError extends Error {
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly data: string | undefined;

  constructor(message: string, method: string, url: string, answer?: { status: number; data: string }) {
    super(message);
    this.name = 'HttpError';
    this.method = method;
    this.url = url;
    this.status = answer?.status;
    this.data = answer?.data;
  }
}

/** The address without what may be secret: user, password, query and fragment. */
export function safeUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed === undefined ? '(invalid URL)' : `${parsed.origin}${parsed.pathname}`;
}

/**
 * The error for an answer outside 200 to 299; a refused connection's is a connection error. What the answer says is
 * data: whoever shows the error masks secrets in it, then cuts it.
 */
export function answerError(
  method: string,
  url: string,
  answer: HttpAnswer,
  connection: Connection | undefined,
): Error {
  const address = safeUrl(url);
  const { status, statusText } = answer;
  const told = { status, data: bodyText(answer).trim() };
  const message = `${method} ${address} answered ${`${status} ${statusText}`.trim()}`;
  return status === 401 && connection
    ? Object.assign(new ConnectionError(connection, message), told)
    : new HttpError(message, method, address, told);
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
