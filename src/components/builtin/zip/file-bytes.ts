import { cleanText, isBinary } from '../clean-input';

/** The bytes of a file input: bytes and files as they are, text as UTF-8. Throws for other values, naming the input. */
export function bytesOf(label: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (isBinary(value)) return value.data;
  if (typeof value === 'string' && value !== '') return Buffer.from(cleanText(value), 'utf8');
  throw new Error(
    `${label} must be a file, bytes or text, got ${value === '' ? 'nothing' : `a value of type ${typeof value}`}.`,
  );
}

/** Bytes that begin as the format does; base64 text of such bytes is read too. */
export function archiveBytes(label: string, value: unknown, magic: readonly number[]): Uint8Array {
  const isMagic = (bytes: Uint8Array): boolean => magic.every((byte, at) => bytes[at] === byte);
  const bytes = bytesOf(label, value);
  if (isMagic(bytes)) return bytes;
  if (typeof value === 'string') {
    const decoded = Buffer.from(value, 'base64');
    if (isMagic(decoded)) return decoded;
  }
  throw new Error(`${label} is no such archive: its first bytes are not those of one.`);
}
