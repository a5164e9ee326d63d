import type { StepValue } from '../engine/scope';
import type { StoredAnswerView } from '../services/executions/accept-delivery';

/** The synchronous answer: the last executed step's data with the HTTP fields that it gave. */
export function answerOfLastStep(last: StepValue | undefined): StoredAnswerView {
  const { body, contentType } = asBody(last?.data, last?.contentType);
  return { statusCode: last?.statusCode ?? 200, contentType, headers: last?.headers ?? {}, body };
}

/** A trigger's own response; null stands for the default answer. */
export function answerOfResponse(response: unknown): StoredAnswerView | null {
  if (response === null || typeof response !== 'object') return null;
  const given = response as {
    statusCode?: number;
    contentType?: string;
    headers?: Record<string, string>;
    body?: unknown;
  };
  const { body, contentType } = asBody(given.body, given.contentType);
  return { statusCode: given.statusCode ?? 200, contentType, headers: given.headers ?? {}, body };
}

function asBody(data: unknown, contentType: string | undefined): { body: Buffer; contentType: string } {
  if (data === undefined) return { body: Buffer.alloc(0), contentType: contentType ?? 'text/plain' };
  if (data instanceof Uint8Array)
    return { body: Buffer.from(data), contentType: contentType ?? 'application/octet-stream' };
  if (typeof data === 'string' && contentType) return { body: Buffer.from(data), contentType };
  return { body: Buffer.from(JSON.stringify(data)), contentType: contentType ?? 'application/json' };
}
