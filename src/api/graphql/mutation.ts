import type { FieldFault } from '../../errors';
import { isUserMistake } from './answer';
import type { GraphqlRequest } from './request';

/** A mutation's input as graphql-js hands it over, checked against the SDL. */
export interface MutationArgs<I> {
  input: I & { clientMutationId?: string | null };
}

/** Names of service fields under which GraphQL knows others; faults are renamed so. */
export type FieldNames = Record<string, string>;

/**
 * Makes the function of a mutation: runs it and answers its payload. Mistakes of the user come back in
 * `errors`, with the object null, where clients look for them; all other errors are thrown on.
 */
export function mutation<I, R>(
  field: string,
  run: (input: I, request: GraphqlRequest) => Promise<R>,
  names: FieldNames = {},
) {
  return async ({ input }: MutationArgs<I>, request: GraphqlRequest) => {
    const echo = { clientMutationId: input.clientMutationId ?? null };
    try {
      return { [field]: await run(input, request), errors: [] as FieldFault[], ...echo };
    } catch (error) {
      if (!isUserMistake(error)) throw error;
      const whole: FieldFault = { field: '__all__', messages: [error.message] };
      const faults = error.faults.length > 0 ? error.faults : [whole];
      return { [field]: null, errors: faults.map((fault) => renamed(fault, names)), ...echo };
    }
  };
}

function renamed(fault: FieldFault, names: FieldNames): FieldFault {
  const [head = '', ...rest] = fault.field.split('.');
  return { ...fault, field: [names[head] ?? head, ...rest].join('.') };
}

/** The fields that were sent: an absent one stays absent, so that services leave it as it is. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
