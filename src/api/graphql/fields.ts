import type { GraphqlRequest } from './request';

/**
 * How the fields of one type are read from what a service answered. `never` stands for the arguments of each
 * field, which the SDL has checked by then.
 */
export type FieldsOf<S> = Record<string, (source: S, args: never, request: GraphqlRequest) => unknown>;

/** Fields that are properties of the same name. */
export function same<S>(...names: (keyof S & string)[]): FieldsOf<S> {
  return Object.fromEntries(names.map((name) => [name, (source: S) => source[name]]));
}
