import { cleanText, isBinary } from '../clean-input';

/** Text beyond this is not read: what is made of it takes many times the room. */
const MAX_MEGABYTES = 64;

/** A value that is text or bytes as text; throws, with the name of the input, for other values or too much of it. */
export function textOf(label: string, value: unknown, maxMegabytes = MAX_MEGABYTES): string {
  const isText = typeof value === 'string' || value instanceof Uint8Array || isBinary(value);
  if (!isText && value !== undefined && value !== null)
    throw new Error(
      `${label} must be text or a file, got ${Array.isArray(value) ? 'a list' : `an ${typeof value}`}.`,
    );
  const text = cleanText(value).replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new Error(`${label} is empty.`);
  if (text.length <= maxMegabytes * 1024 * 1024) return text;
  throw new Error(`${label} is longer than ${maxMegabytes} MB.`);
}

/** True for text, bytes and files: what has to be read before it is a value. */
export function isSerialized(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array || isBinary(value);
}

/** The message of an error, without what a parser adds about itself. */
export function reasonOf(error: unknown): string {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return error instanceof RangeError || reason.includes('call stack') ? 'it is nested too deeply' : reason;
}
