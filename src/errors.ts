/**
 * The registry of every error that leaves Tenon. A row says what a caller may know and do;
 * `docs/reference/errors.md` is generated from it. Branch on `code`, never on a message.
 */
export const ERRORS = {
  invalid_input: {
    status: 400,
    retryable: false,
    hint: 'Correct the fields listed in `errors` and send it again.',
  },
  invalid_definition: {
    status: 400,
    retryable: false,
    hint: 'Correct each fault listed; line and column are given.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    hint: 'Send a valid access token as `Authorization: Bearer …`; to a flow’s address, its key as `Api-Key`.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    hint: 'Ask an owner of the organization for the role this needs.',
  },
  not_found: {
    status: 404,
    retryable: false,
    hint: 'Check the id; objects of other customers are not found.',
  },
  path_not_found: {
    status: 404,
    retryable: false,
    hint: 'See `/` for the doors of this server, and `/api/v1/openapi.json` for the operations of REST.',
  },
  flow_not_found: {
    status: 404,
    retryable: false,
    hint: 'Check the webhook URL against the instance’s flows.',
  },
  route_not_found: {
    status: 404,
    retryable: false,
    hint: 'Check what the request says of flow and customer against the endpoint’s fields.',
  },
  request_refused: {
    status: 400,
    retryable: false,
    hint: 'The flow’s trigger refused the request, with the status that it chose; sign or send it as the trigger wants.',
  },
  flow_not_deployed: { status: 404, retryable: false, hint: 'Deploy the instance, then call its webhook.' },
  method_not_allowed: {
    status: 405,
    retryable: false,
    hint: 'Use one of the methods that the header `Allow` lists.',
  },
  conflict: {
    status: 409,
    retryable: false,
    hint: 'Read the object again and decide with its present state.',
  },
  invalid_state: {
    status: 409,
    retryable: false,
    hint: 'Bring the object into the state that is named, then repeat.',
  },
  instance_disabled: { status: 409, retryable: false, hint: 'Enable the instance, then call its webhook.' },
  payload_too_large: {
    status: 413,
    retryable: false,
    hint: 'Send less, or a reference to the data; the operator sets the limit.',
  },
  limit_exceeded: { status: 429, retryable: true, hint: 'Wait as `Retry-After` says, then repeat.' },
  component_failed: {
    status: 502,
    retryable: false,
    hint: 'Read the failed step’s error; send the request again when its cause is gone.',
  },
  execution_cancelled: {
    status: 502,
    retryable: false,
    hint: 'Somebody cancelled the execution; send the request again if it is still wanted.',
  },
  answer_timeout: { status: 504, retryable: false, hint: 'Follow the execution by its id; it goes on.' },
  dependency_unavailable: { status: 503, retryable: true, hint: 'Repeat after `Retry-After` seconds.' },
  internal: { status: 500, retryable: false, hint: 'Report the request id to the operator.' },
} as const satisfies Record<string, { status: number; retryable: boolean; hint: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One fault of one field; `field` is a dotted path, or `__all__` for the whole input. */
export interface FieldFault {
  field: string;
  messages: string[];
}

export interface AppErrorOptions {
  faults?: FieldFault[];
  cause?: unknown;
  /** For the log only, never shown. */
  internal?: string;
  /** Seconds, sent as `Retry-After`. */
  retryAfterSeconds?: number;
  meta?: Record<string, string | number | boolean>;
  /** In place of the code's own status, for a code whose status somebody else chooses. */
  status?: number;
}

/** An error with a row in the registry. Recognise it with {@link isAppError}, which also holds across bundles. */
export class AppError extends Error {
  readonly isAppError = true;
  readonly code: ErrorCode;
  readonly faults: FieldFault[];
  readonly internal: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly meta: Record<string, string | number | boolean>;
  readonly status: number;

  constructor(code: ErrorCode, publicMessage: string, options: AppErrorOptions = {}) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.faults = options.faults ?? [];
    this.internal = options.internal;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.meta = options.meta ?? {};
    this.status = options.status ?? ERRORS[code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** True for an {@link AppError}, also one made by another copy of this module. */
export function isAppError(error: unknown): error is AppError {
  return (
    typeof error === 'object' && error !== null && (error as { isAppError?: unknown }).isAppError === true
  );
}

/** The error for an object that is not there, or that the actor may not know of. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `${what} was not found.`);
}

/** The error for an address, with its method, that no door serves. */
export function pathNotFound(operation: string): AppError {
  return new AppError('path_not_found', `${operation} was not found.`);
}

/** The error for one bad field. */
export function invalidField(field: string, message: string): AppError {
  return new AppError('invalid_input', message, { faults: [{ field, messages: [message] }] });
}
