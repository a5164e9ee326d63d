import type { Response } from 'express';
import { AppError, ERRORS, type ErrorCode, type FieldFault, isAppError } from '../errors';
import { dependencyFault } from './dependency-fault';

/** An RFC 9457 problem: what every refused or failed request is answered with. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  hint: string;
  retryable: boolean;
  requestId: string;
  errors: FieldFault[];
}

/** Turns whatever was thrown into an error of the registry; what is not recognised becomes `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  return zodFault(thrown) ?? dependencyFault(thrown) ?? httpFault(thrown) ?? internal(thrown);
}

/** Answers with the problem of an error; does nothing when an answer was already begun. */
export function sendProblem(res: Response, error: AppError, requestId: string): void {
  if (res.headersSent) return;
  if (error.retryAfterSeconds !== undefined)
    res.set('Retry-After', String(Math.ceil(error.retryAfterSeconds)));
  if (error.code === 'unauthenticated') res.set('WWW-Authenticate', 'Bearer');
  const body = { ...error.meta, ...problemOf(error, requestId) };
  res.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** The body of {@link sendProblem}, without `meta`. */
export function problemOf(error: AppError, requestId: string): Problem {
  const { retryable, hint } = ERRORS[error.code];
  return {
    type: `urn:tenon:error:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    code: error.code,
    hint,
    retryable,
    requestId,
    errors: error.faults,
  };
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface ZodIssue {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

function zodFault(thrown: unknown): AppError | null {
  const issues = (thrown as { issues?: unknown } | null)?.issues;
  if ((thrown as { name?: unknown } | null)?.name !== 'ZodError' || !Array.isArray(issues)) return null;
  return invalidFields(faultsOf(issues as ZodIssue[]), thrown);
}

/**
 * One fault a field, all messages of it together; a field that is not known is named itself, on the outermost level with
 * those that are `known`.
 */
export function faultsOf(
  issues: readonly ZodIssue[],
  prefix: string[] = [],
  known: readonly string[] = [],
): FieldFault[] {
  const faults = new Map<string, string[]>();
  const add = (path: PropertyKey[], message: string) => {
    const field = [...prefix, ...path.map(String)].join('.') || '__all__';
    faults.set(field, [...(faults.get(field) ?? []), message]);
  };
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') add(issue.path, issue.message);
    else for (const key of issue.keys ?? []) add([...issue.path, key], unknownField(issue, known));
  }
  return [...faults].map(([field, messages]) => ({ field, messages }));
}

function unknownField({ path }: ZodIssue, known: readonly string[]): string {
  const others = path.length === 0 && known.length > 0 ? ` Known are ${known.join(', ')}.` : '';
  return `This field is not known here.${others}`;
}

/** `invalid_input` for several fields at once. */
export function invalidFields(faults: FieldFault[], cause?: unknown): AppError {
  const names = faults.map((fault) => fault.field).join(', ');
  return new AppError('invalid_input', `The input has ${faults.length} bad field(s): ${names}.`, {
    faults,
    cause,
  });
}

/** Errors of Express and its body parser, which carry a `status` and often a `type`. */
function httpFault(thrown: unknown): AppError | null {
  if (!(thrown instanceof Error)) return null;
  const { status, type } = thrown as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  if (type === 'entity.too.large' || status === 413) {
    return new AppError('payload_too_large', 'The body is larger than this operation takes.', {
      cause: thrown,
    });
  }
  const message = type === 'entity.parse.failed' ? `The body is not JSON: ${thrown.message}` : thrown.message;
  return new AppError('invalid_input', message, {
    cause: thrown,
    faults: [{ field: '__all__', messages: [message] }],
  });
}

function internal(thrown: unknown): AppError {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new AppError('internal', 'Something went wrong on this side.', { cause: thrown, internal: text });
}
