import { parseJson } from './parse-json';

/** What a sibling flow answered, as the HTTP client gives it. */
export interface SiblingResponse {
  status: number;
  headers: Record<string, unknown>;
  data: unknown;
}

const TEXT_TYPE = /^(text\/|application\/(.+\+)?xml\b|application\/x-www-form-urlencoded\b)/i;

/** The answer as a step's result: JSON parsed, text as text, other bytes with their content type. */
export function toStepResult(response: SiblingResponse): { data: unknown; contentType?: string } {
  const bytes = bytesOf(response);
  const contentType = contentTypeOf(response);
  if (bytes.length === 0) return { data: null };
  if (/^application\/(.+\+)?json\b/i.test(contentType)) return { data: parseJson(bytes.toString('utf8')) };
  if (contentType === '' || TEXT_TYPE.test(contentType)) return { data: bytes.toString('utf8') };
  return { data: bytes, contentType };
}

/** What a sibling said of its refusal, short enough for a message. */
export function saidBy(response: SiblingResponse): string {
  return bytesOf(response).toString('utf8').slice(0, 500).trim();
}

function bytesOf({ data }: SiblingResponse): Buffer {
  return data instanceof Uint8Array
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.alloc(0);
}

function contentTypeOf({ headers }: SiblingResponse): string {
  const type = headers['content-type'];
  return typeof type === 'string' ? type.trim() : '';
}
