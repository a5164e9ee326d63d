import type { AppError, FieldFault } from '../../errors';
import { toAppError } from '../error-response';
import { createLoaders } from './loaders';
import type { GraphqlRequest } from './request';

/** A mutation's input as graphql-js hands it over, checked against the SDL. */
interface MutationArgs<I> {
  input: I & { clientMutationId?: string | null };
}

/** Names of service fields under which GraphQL knows others; faults are renamed so. */
type FieldNames = Record<string, string>;

/**
 * Makes the function of a mutation: runs it and answers its payload. Mistakes of the user come back in
 * `errors`, with the object null, where clients look for them; all other errors are thrown on.
 */
export function mutation<I, R>(
  field: string,
  run: (input: I, request: GraphqlRequest) => Promise<R>,
  names: FieldNames = {},
) {
  return async (_root: unknown, { input }: MutationArgs<I>, request: GraphqlRequest) => {
    // What an earlier mutation of the same request looked up may be out of date by now.
    request.load = createLoaders(request.deps, request.ctx);
    const echo = { clientMutationId: input.clientMutationId ?? null };
    try {
      return { [field]: await run(input, request), errors: [] as FieldFault[], ...echo };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!isUserMistake(error)) throw thrown;
      const whole: FieldFault = { field: '__all__', messages: [error.message] };
      const faults = error.faults.length > 0 ? error.faults : [whole];
      return { [field]: null, errors: faults.map((fault) => renamed(fault, names)), ...echo };
    }
  };
}

/** Whether an error is the caller's to mend, and so belongs into a mutation's `errors`. */
function isUserMistake({ code, status }: AppError): boolean {
  return status >= 400 && status < 500 && code !== 'unauthenticated' && code !== 'limit_exceeded';
}

function renamed(fault: FieldFault, names: FieldNames): FieldFault {
  const [head = '', ...rest] = fault.field.split('.');
  return { ...fault, field: [names[head] ?? head, ...rest].join('.') };
}
