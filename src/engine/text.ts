import { isBytes } from './paths';

/** How a template shows a value: nothing for a missing one, UTF-8 for bytes, JSON for lists and objects. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  // A Buffer decodes itself; the engine knows no Node globals.
  if (isBytes(value)) return (value as { toString(encoding: string): string }).toString('utf8');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as number | boolean | bigint);
}
