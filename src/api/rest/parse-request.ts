import type { z } from 'zod';
import type { FieldFault } from '../../errors';
import { faultsOf, invalidFields } from '../error-response';

/** A request as Express hands it over, before any check. */
export interface RawRequest {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Undefined when the request had no JSON body. */
  body: unknown;
}

interface Schemas<P, Q, B> {
  params?: P;
  query?: Q;
  body?: B;
}

/**
 * Checks path, query and body together; throws `invalid_input` that names every fault of all three. Faults of
 * the query are named `query.field`, those of the path `path.field`, those of the body by the field alone.
 */
export function parseRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  schemas: Schemas<P, Q, B>,
  raw: RawRequest,
): { params: z.output<P>; query: z.output<Q>; body: z.output<B> } {
  const faults: FieldFault[] = [];
  const part = <S extends z.ZodType>(
    schema: S | undefined,
    value: unknown,
    prefix: string[],
  ): z.output<S> => {
    if (!schema) {
      faults.push(...unknownFields(value, prefix));
      return {} as z.output<S>;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues as Parameters<typeof faultsOf>[0];
    faults.push(...faultsOf(issues, prefix, Object.keys((schema as { shape?: object }).shape ?? {})));
    return undefined as z.output<S>;
  };
  const params = part(schemas.params, raw.params, ['path']);
  const query = part(schemas.query, raw.query, ['query']);
  const body = part(schemas.body, schemas.body ? (raw.body ?? {}) : raw.body, []);
  if (faults.length > 0) throw invalidFields(faults);
  return { params, query, body };
}

/** An operation that takes nothing in a place refuses whatever is sent there. */
function unknownFields(value: unknown, prefix: string[]): FieldFault[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') {
    return [{ field: '__all__', messages: ['This operation takes no body.'] }];
  }
  const fields = Object.keys(value).map((key) => [...prefix, key].join('.'));
  return fields.map((field) => ({ field, messages: ['This field is not known here.'] }));
}
