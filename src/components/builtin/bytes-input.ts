import { cleanText, isBinary } from './clean-input';

/** The bytes of a file or of bytes, as they are; anything else as UTF-8 text. */
export function cleanBytes(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (isBinary(value)) return Buffer.from(value.data);
  return Buffer.from(cleanText(value), 'utf8');
}
