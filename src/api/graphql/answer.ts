import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { AppError } from '../../errors';
import { toAppError } from '../error-response';
import { BadDocument } from './document';

/** An HTTP answer of the GraphQL door. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: { data?: unknown; errors?: GraphQLFormattedError[] };
}

/** Takes errors that the caller is not shown, for the process log. */
export type InternalErrorSink = (error: AppError, requestId: string) => void;

/**
 * The answer to an executed operation. `data` is null as a whole when a root field failed: clients that look
 * at `data` first, as the `prism` command line does, would else stumble over the missing field instead of
 * showing the error.
 */
export function answerOf(result: ExecutionResult, requestId: string, report: InternalErrorSink): Answer {
  const { data, errors = [] } = result;
  if (errors.length === 0) return { status: 200, headers: {}, body: { data } };
  const faults = errors.map((error) => ({ error, cause: causeOf(error) }));
  for (const { cause } of faults) if (cause.code === 'internal') report(cause, requestId);
  const hasData = data !== null && data !== undefined && !errors.some((error) => failedAtRoot(error, data));
  const away = faults.find(({ cause }) => cause.code === 'dependency_unavailable')?.cause;
  const isBroken = !hasData && faults.some(({ cause }) => cause.code === 'internal');
  return {
    status: away ? 503 : isBroken ? 500 : 200,
    headers: away ? retryAfter(away) : {},
    body: {
      errors: faults.map(({ error, cause }) => formatted(cause, requestId, error)),
      data: hasData && !away ? data : null,
    },
  };
}

/** The answer to a request that was refused before anything ran. */
export function refusalOf(error: AppError, requestId: string): Answer {
  const problems = error instanceof BadDocument ? error.problems : [undefined];
  const headers: Record<string, string> = error.code === 'dependency_unavailable' ? retryAfter(error) : {};
  if (error.code === 'unauthenticated') headers['WWW-Authenticate'] = 'Bearer';
  return {
    status: error.status,
    headers,
    body: { errors: problems.map((problem) => formatted(error, requestId, problem, problem?.message)) },
  };
}

function failedAtRoot(error: GraphQLError, data: Record<string, unknown>): boolean {
  const root = error.path?.[0];
  return root !== undefined && (data[root] === null || data[root] === undefined);
}

function causeOf(error: GraphQLError): AppError {
  return toAppError(error.originalError ?? error);
}

function retryAfter(error: AppError): Record<string, string> {
  return { 'Retry-After': String(Math.ceil(error.retryAfterSeconds ?? 2)) };
}

function formatted(
  cause: AppError,
  requestId: string,
  error: GraphQLError | undefined,
  message: string = messageOf(cause, requestId),
): GraphQLFormattedError {
  return {
    message,
    ...(error?.locations ? { locations: error.locations } : {}),
    ...(error?.path ? { path: error.path } : {}),
    extensions: {
      code: cause.code,
      requestId,
      ...(cause.faults.length > 0 ? { errors: cause.faults } : {}),
    },
  };
}

function messageOf(cause: AppError, requestId: string): string {
  if (cause.code !== 'internal') return cause.message;
  return `Something went wrong on this side. Tell the operator the request id ${requestId}.`;
}
