import { isBytes } from './paths';

/** Part of every JavaScript host, though not of the language's own types. */
declare const TextDecoder: new (
  label: string,
  options: { ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** How a template shows a value: nothing for a missing one, UTF-8 for bytes, JSON for lists and objects. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (isBytes(value)) return utf8.decode(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as number | boolean | bigint);
}
