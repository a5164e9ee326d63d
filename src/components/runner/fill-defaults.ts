import type { LoadedInput } from './load-bundle';

/** Inputs that are data structures: without a default they are missing, not an empty text. */
const WITHOUT_TEXT = new Set([
  'connection',
  'conditional',
  'objectSelection',
  'objectFieldMap',
  'jsonForm',
  'structuredObject',
  'dynamicObject',
]);

/**
 * Parameters with each declared input that is missing set to its default, else to an empty text or list. The
 * functions of a bundle never do that themselves, and an author's `clean` expects it.
 */
export function fillDefaults(
  inputs: LoadedInput[] | null | undefined,
  params: Record<string, unknown>,
  options: { isFirstSync?: boolean } = {},
): Record<string, unknown> {
  const filled = { ...params };
  for (const input of inputs ?? []) {
    if (filled[input.key] !== undefined) continue;
    // These count for the first run after a deploy only.
    if (input.scope === 'ON_DEPLOY' && !options.isFirstSync) continue;
    const value = defaultOf(input);
    if (value !== undefined) filled[input.key] = value;
  }
  return filled;
}

function defaultOf({ type, collection, default: given }: LoadedInput): unknown {
  if (type === 'connection') return undefined;
  // The SDK gives lists without a default an empty text.
  if (collection && (given === undefined || given === null || given === '')) return [];
  // Each call gets a value of its own: authors change what they are given.
  if (given !== undefined && given !== null) return structuredClone(given);
  return WITHOUT_TEXT.has(type) ? undefined : '';
}
