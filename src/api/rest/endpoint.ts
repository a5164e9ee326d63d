import { z } from 'zod';
import type { ErrorCode } from '../../errors';
import type { Deps, RequestContext } from '../../services/context';
import { parseRequest, type RawRequest } from './parse-request';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A request with nothing in that place. */
const nothing = z.strictObject({});
type Nothing = typeof nothing;

/** What one operation of the REST API takes, answers and may refuse with. Mounting and OpenAPI read it. */
export interface EndpointSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  operationId: string;
  method: HttpMethod;
  /** Below `/api/v1`, in OpenAPI's form: `/customers/{id}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Absent for an answer without a body (204). */
  response?: R;
  /** Status of success: 200 unless given, 204 without a response. */
  status?: number;
  /** Codes beyond those that every such operation may answer; see {@link codesOf}. */
  codes?: ErrorCode[];
}

export interface EndpointInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
}

/** An operation whose types are closed over: what the router and the generator work with. */
export interface Endpoint extends EndpointSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType> {
  /** Reached without an access token. */
  isPublic: boolean;
  successStatus: number;
  /** Parses, calls the handler, answers its result. `ctx` is null for public operations only. */
  run(deps: Deps, ctx: RequestContext | null, raw: RawRequest): Promise<unknown>;
}

/** Declares an operation for those who are signed in. */
export function endpoint<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(
  spec: EndpointSpec<P, Q, B, R> & {
    handler(deps: Deps, ctx: RequestContext, input: EndpointInput<P, Q, B>): Promise<z.input<R> | void>;
  },
): Endpoint {
  const { handler, ...rest } = spec;
  return {
    ...rest,
    isPublic: false,
    successStatus: successStatusOf(spec),
    async run(deps, ctx, raw) {
      if (ctx === null) throw new Error(`${spec.operationId} was mounted without authentication.`);
      return handler(deps, ctx, parseRequest<P, Q, B>(spec, raw));
    },
  };
}

/** Declares an operation that needs no access token. */
export function publicEndpoint<R extends z.ZodType>(
  spec: EndpointSpec<Nothing, Nothing, Nothing, R> & { handler(deps: Deps): Promise<z.input<R>> },
): Endpoint {
  const { handler, ...rest } = spec;
  return {
    ...rest,
    isPublic: true,
    successStatus: successStatusOf(spec),
    async run(deps, _ctx, raw) {
      parseRequest<Nothing, Nothing, Nothing>(spec, raw);
      return handler(deps);
    },
  };
}

function successStatusOf(spec: { status?: number; response?: unknown }): number {
  return spec.status ?? (spec.response === undefined ? 204 : 200);
}

/** Every code that an operation may answer: its own, and those that follow from its shape. */
export function codesOf(operation: Endpoint): ErrorCode[] {
  const codes = new Set<ErrorCode>(['invalid_input', ...(operation.codes ?? [])]);
  if (!operation.isPublic) codes.add('unauthenticated');
  if (operation.body) codes.add('payload_too_large');
  codes.add('dependency_unavailable').add('internal');
  return [...codes];
}
