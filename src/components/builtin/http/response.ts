import type { ResponseType } from './inputs';

/** An answer whose body is read. */
export interface HttpAnswer {
  status: number;
  statusText: string;
  headers: Record<string, unknown>;
  bytes: Buffer;
}

/** What the step gives: the body, or the whole answer; bytes always with their content type. */
export function toResult(
  answer: HttpAnswer,
  type: ResponseType,
  isFull: boolean,
): { data: unknown; contentType?: string } {
  const contentType = contentTypeOf(answer);
  const data = readBody(answer, type);
  if (isFull) {
    const { status, statusText, headers } = answer;
    return {
      data: {
        status,
        statusText,
        headers: { ...headers },
        data,
        ...(type === 'binary' ? { contentType } : {}),
      },
    };
  }
  return type === 'binary' ? { data, contentType } : { data };
}

/** The body as text, decoded as its content type says; UTF-8 when that is silent or unknown. */
export function bodyText(answer: HttpAnswer): string {
  const charset = /charset="?([\w-]+)/i.exec(contentTypeOf(answer))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(answer.bytes);
  } catch {
    return answer.bytes.toString('utf8');
  }
}

function readBody(answer: HttpAnswer, type: ResponseType): unknown {
  if (type === 'binary') return answer.bytes;
  const text = bodyText(answer);
  if (type === 'text' || text === '') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function contentTypeOf(answer: HttpAnswer): string {
  const value = answer.headers['content-type'];
  return typeof value === 'string' ? value : 'application/octet-stream';
}
