import { isFinalStatus } from '../services/executions/accept/flow-answer';
import { isHeaderName, isHeaderValue } from '../services/executions/accept/header-fields';
import { isContentTypeHeader, isReservedHeader } from '../services/executions/accept/reserved-headers';

/** What a component says of an HTTP answer besides its body. */
export interface AnswerFields {
  statusCode?: number;
  contentType?: string;
  headers?: Record<string, string>;
}

/**
 * Status, content type and headers as they can be sent: a status may be three digits of text, numbers and switches in
 * headers become text, lists one text. A content type among the headers counts where none is given by itself. What
 * cannot be sent is left out, and `warn` is told of it.
 */
export function answerFields(
  given: Record<string, unknown>,
  warn: (message: string) => void = () => undefined,
): AnswerFields {
  const fields: AnswerFields = {};
  const { statusCode, contentType, headers } = given;
  if (isGiven(statusCode)) {
    const status = statusOf(statusCode);
    if (status === undefined)
      warn(
        `The answer's statusCode ${shown(statusCode)} is left out: it is no whole number of three digits.`,
      );
    else if (!isFinalStatus(status))
      warn(`The answer's statusCode ${status} cannot be sent, the caller gets 500: answers have 200 to 599.`);
    if (status !== undefined) fields.statusCode = status;
  }
  if (isGiven(headers)) {
    if (typeof headers === 'object' && !Array.isArray(headers))
      Object.assign(fields, sendable(headers, warn));
    else warn("The answer's headers are left out: they are no object of names and texts.");
  }
  if (typeof contentType === 'string' && contentType !== '') fields.contentType = contentType;
  return fields;
}

const isGiven = (value: unknown): value is NonNullable<unknown> =>
  value !== undefined && value !== null && value !== '';

function statusOf(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isInteger(given) ? given : undefined;
  return typeof given === 'string' && /^\d{3}$/.test(given.trim()) ? Number(given) : undefined;
}

/** The headers that can be sent, and apart from them the content type, which an answer has of its own. */
function sendable(headers: object, warn: (message: string) => void): AnswerFields {
  const sent: Record<string, string> = {};
  let contentType = '';
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === null) continue;
    const text = headerText(value);
    const reason = reasonAgainst(name, text);
    if (reason !== undefined) warn(`The answer's header ${shown(name)} is left out: ${reason}.`);
    else if (isContentTypeHeader(name)) contentType ||= text ?? '';
    else sent[name] = text ?? '';
  }
  return { headers: sent, ...(contentType !== '' && { contentType }) };
}

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((item) => (Array.isArray(item) ? undefined : headerText(item)));
  return texts.includes(undefined) ? undefined : texts.join(', ');
}

function reasonAgainst(name: string, text: string | undefined): string | undefined {
  if (isReservedHeader(name) && !isContentTypeHeader(name)) return "it is not a flow's to set";
  if (text === undefined) return 'its value is no text';
  if (!isHeaderName(name)) return 'that is no name of a header';
  return isHeaderValue(text) ? undefined : 'its value has characters that no header may have';
}

function shown(value: unknown): string {
  const text = typeof value === 'object' ? 'given' : JSON.stringify(String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
