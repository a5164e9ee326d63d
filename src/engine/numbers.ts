/**
 * The number that a text or a number stands for; undefined for anything else. Total: an object out of a
 * request, which may hold a `valueOf` of its own, is never asked for its value.
 */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined;
}
