import type { PerformError } from './contract';
import { refusedFile } from './refused-file';

const LONGEST_TEXT = 8_000;
const LONGEST_STACK = 4_000;
const LONGEST_BODY = 1_000;
const LONGEST_JSON = 1_000_000;
/** Fields of thrown objects that may hold credentials. */
const NEVER_SHOWN = /^(connection|config|request|response|headers|auth|token|authorization|cause)$/i;

interface Thrown {
  message?: unknown;
  name?: unknown;
  code?: unknown;
  status?: unknown;
  method?: unknown;
  url?: unknown;
  data?: unknown;
  stack?: unknown;
  cause?: unknown;
  errors?: unknown;
  permission?: unknown;
  resource?: unknown;
  isAxiosError?: unknown;
  isSpectralError?: unknown;
  connection?: unknown;
  config?: { method?: unknown; url?: unknown; baseURL?: unknown };
  response?: { status?: unknown; statusText?: unknown; data?: unknown };
}

/**
 * What may be told of something that a component threw. Neither connections nor headers nor queries get into
 * it; `redact` masks what a message holds of secrets all the same. Tells by fields, since bundles bring
 * error classes of their own.
 */
export function describeError(given: unknown, redact: Redact): PerformError {
  const thrown = serializedIn(given) ?? given;
  const error: Thrown = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const { message, details } = isHttpFailure(error)
    ? describeHttp(error, redact)
    : describePlain(thrown, error, redact);
  const stack = typeof error.stack === 'string' ? framesOf(error.stack) : '';
  return {
    code: 'component_error',
    message: cut(redact(message), LONGEST_TEXT),
    ...(stack === '' ? {} : { stack: cut(redact(stack), LONGEST_STACK) }),
    ...connectionFault(error),
    ...(details === undefined ? {} : { details: redactAll(details, redact) }),
  };
}

/** The error hook of SDK 6 throws the JSON of an error, with everything in it, as the message of another. */
function serializedIn(thrown: unknown): object | undefined {
  const { message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Thrown;
  if (typeof message !== 'string' || !message.startsWith('{') || message.length > LONGEST_JSON)
    return undefined;
  try {
    const parsed = JSON.parse(message) as Thrown;
    return typeof parsed.message === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Told by fields: the classes of minified bundles have no names. Nothing of the connection but its variable's name. */
function connectionFault(error: Thrown): Pick<PerformError, 'isConnectionError' | 'connectionConfigVar'> {
  if (error.isSpectralError !== true || !('connection' in error)) return {};
  const { configVarKey } = (error.connection ?? {}) as { configVarKey?: unknown };
  return {
    isConnectionError: true,
    ...(typeof configVarKey === 'string' ? { connectionConfigVar: configVarKey } : {}),
  };
}

type Redact = (text: string) => string;
type Description = { message: string; details?: Record<string, unknown> };

function isHttpFailure(error: Thrown): boolean {
  return (
    error.isAxiosError === true || (typeof error.response === 'object' && typeof error.config === 'object')
  );
}

/** An error of an axios client: method, address, status and the beginning of the answer. */
function describeHttp(error: Thrown, redact: Redact): Description {
  const method = asText(error.config?.method).toUpperCase() || 'GET';
  const url = addressOf(error.config);
  const { status, statusText, data } = error.response ?? {};
  if (status === undefined) {
    const reason = asText(error.message) || asText(error.code) || 'no answer';
    return { message: `${method} ${url} failed: ${reason}`, details: { method, url, code: error.code } };
  }
  const body = shownBody(data, redact);
  const answer = [asText(status), asText(statusText)].filter(Boolean).join(' ');
  const message = `${method} ${url} answered ${answer}${body === '' ? '' : `: ${body}`}`;
  return { message, details: { method, url, status, body } };
}

function describePlain(thrown: unknown, error: Thrown, redact: Redact): Description {
  if (typeof thrown !== 'object' || thrown === null) {
    return { message: shownThrown(thrown) || 'The component threw nothing that says why.' };
  }
  const message = asText(error.message);
  const own =
    refusedFile(error, message) || message || messageOfParts(error) || asText(error.code) || jsonOf(thrown);
  const reason = causeOf(error);
  // The shape that the SDK's own error hook gives.
  const answer =
    typeof error.status === 'number' && error.data !== undefined ? shownBody(error.data, redact) : '';
  const parts = [own, reason, answer].filter(
    (part, index) => part !== '' && (index === 0 || !own.includes(part)),
  );
  return { message: parts.join(': '), ...pickDetails(error) };
}

/** Something thrown that is no object: text as it is, the rest as it is written. */
function shownThrown(thrown: unknown): string {
  if (typeof thrown === 'bigint') return `${thrown}n`;
  return typeof thrown === 'symbol' || typeof thrown === 'function' ? String(thrown) : asText(thrown);
}

function pickDetails(error: Thrown): { details?: Record<string, unknown> } {
  const { code, status, method, url } = error;
  const isGiven = (value: unknown) => typeof value === 'string' || typeof value === 'number';
  const details = Object.entries({
    code,
    status,
    method,
    url: isGiven(url) ? withoutQuery(asText(url)) : undefined,
  });
  const given = details.filter(([, value]) => isGiven(value));
  return given.length === 0 ? {} : { details: Object.fromEntries(given) };
}

/** The frames alone: the head repeats the message, whole objects at times. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function causeOf({ cause }: Thrown): string {
  if (typeof cause !== 'object' || cause === null) return asText(cause);
  return asText((cause as Thrown).message) || messageOfParts(cause) || asText((cause as Thrown).code);
}

/** An aggregate error (several addresses tried) has its messages in its parts. */
function messageOfParts({ errors }: Thrown): string {
  if (!Array.isArray(errors)) return '';
  return errors
    .map((part: Thrown) => asText(part?.message))
    .filter(Boolean)
    .join('; ');
}

function addressOf(config: Thrown['config']): string {
  const url = asText(config?.url);
  const base = asText(config?.baseURL);
  return withoutQuery(
    base !== '' && URL.canParse(url, base) ? `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}` : url,
  );
}

/** Without user, password, query and fragment. */
function withoutQuery(url: string): string {
  if (URL.canParse(url)) {
    const parsed = new URL(url);
    return `${parsed.origin}${parsed.pathname}`;
  }
  return url.replace(/[?#].*$/, '');
}

/** The beginning of an answer. Masked before it is cut, or a half of a secret would stay. */
function shownBody(data: unknown, redact: Redact): string {
  return cut(redact(bodyOf(data)), LONGEST_BODY);
}

function bodyOf(data: unknown): string {
  if (data instanceof Uint8Array) return Buffer.from(data).toString('utf8').trim();
  if (typeof data === 'object' && data !== null && 'pipe' in data) return '';
  return typeof data === 'object' && data !== null ? jsonOf(data) : asText(data).trim();
}

function jsonOf(value: unknown): string {
  try {
    const hide = (key: string, item: unknown): unknown =>
      key !== '' && NEVER_SHOWN.test(key) ? undefined : item;
    return JSON.stringify(value, hide) ?? '';
  } catch {
    return 'an object that cannot be shown';
  }
}

function asText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function redactAll(details: Record<string, unknown>, redact: Redact): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [key, typeof value === 'string' ? redact(value) : value]),
  );
}
