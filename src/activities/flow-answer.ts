import type { StepValue } from '../engine/scope';
import type { FlowAnswer } from '../services/executions/accept/flow-answer';
import { DEFAULT_ANSWER } from '../services/executions/accept/flow-answer';
import { answerFields } from './answer-fields';

/** The synchronous answer: the last executed step's data with the HTTP fields that it gave. */
export function answerOfLastStep(last: StepValue | undefined): FlowAnswer {
  const { body, contentType } = asBody(last?.data, last?.contentType);
  return { statusCode: last?.statusCode ?? 200, contentType, headers: last?.headers ?? {}, body };
}

/** Content type and headers of an answer; no client takes more. */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * A trigger's own response, or the default one; a response without a body names the execution. `warn` is told what of
 * it cannot be sent.
 */
export function answerOfResponse(response: unknown, warn?: (message: string) => void): FlowAnswer {
  if (response === null || typeof response !== 'object') return DEFAULT_ANSWER;
  const given = response as Record<string, unknown>;
  const { statusCode = 200, headers = {}, contentType } = answerFields(given, warn);
  const headBytes = Buffer.byteLength(JSON.stringify([headers, contentType]));
  if (headBytes > MAX_HEAD_BYTES) return { ...DEFAULT_ANSWER, statusCode: 500 };
  if (given['body'] === undefined || given['body'] === null)
    return { ...DEFAULT_ANSWER, statusCode, headers };
  return { statusCode, headers, ...asBody(given['body'], contentType) };
}

function asBody(data: unknown, contentType: string | undefined): { body: Buffer; contentType: string } {
  if (data === undefined) return { body: Buffer.alloc(0), contentType: contentType ?? 'text/plain' };
  if (data instanceof Uint8Array)
    return { body: Buffer.from(data), contentType: contentType ?? 'application/octet-stream' };
  if (typeof data === 'string' && contentType) return { body: Buffer.from(data), contentType };
  return { body: Buffer.from(jsonOf(data)), contentType: contentType ?? 'application/json' };
}

/** JSON of what a component gave, which may hold what JSON cannot: numbers without bounds become text. */
function jsonOf(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
