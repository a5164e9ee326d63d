import { isPromise } from 'node:util/types';

/** Named parts that are looked at; a result of more is no object that somebody wrote down. */
const MOST_PARTS = 100;

/**
 * What an author is told of a result whose data is a promise, or holds one by name: it has nothing yet that a later step could
 * use. Undefined where there is none. Lists, and what is nested deeper, are not looked at.
 */
export function forgottenAwait(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { data } = result as { data?: unknown };
  const places = isPromise(data) ? ['data'] : promisesIn(data).map((name) => `data.${name}`);
  if (places.length === 0) return undefined;
  const shown = places.slice(0, 5).join(', ');
  return `The result's ${shown} is a promise that nobody waited for, so later steps find nothing there: put "await" before it.`;
}

function promisesIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [];
  if (Object.getPrototypeOf(data) !== Object.prototype) return [];
  const names = Object.keys(data);
  if (names.length > MOST_PARTS) return [];
  return names.filter((name) => isPromise((data as Record<string, unknown>)[name]));
}
