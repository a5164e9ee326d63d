import { input } from '@prismatic-io/spectral';
import { cleanBytes } from '../bytes-input';
import { cleanText, isBinary } from '../clean-input';

const HEX = /^(?:[0-9a-f]{2})*$/i;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Bytes as such, or the text of them without blanks. */
type Code = Buffer | string;

function cleanCode(value: unknown): Code {
  if (value instanceof Uint8Array || isBinary(value)) return cleanBytes(value);
  return cleanText(value).replace(/\s+/g, '');
}

/** The bytes that a text stands for; Base64 unless it is said to be `hex`. Throws an error that names the input. */
export function bytesOf(label: string, code: Code, as: string): Buffer {
  if (typeof code !== 'string') return code;
  const form = as === 'hex' ? 'hex' : 'base64';
  if ((form === 'hex' ? HEX : BASE64).test(code)) return Buffer.from(code, form);
  throw new Error(`${label} must be bytes, or text in ${form === 'hex' ? 'hexadecimal' : 'Base64'}.`);
}

export const codeInput = (label: string, comments: string, required = true) =>
  input({ label, type: 'data', required, comments, clean: cleanCode });

export const dataInput = input({
  label: 'Data',
  type: 'data',
  required: true,
  comments: 'Text, or a file, whose bytes are taken as they are.',
  clean: cleanBytes,
});

export const keyInput = (label: string, comments: string) =>
  input({
    label,
    type: 'text',
    required: true,
    comments,
    clean: (value: unknown) => cleanText(value).trim(),
  });

export const choiceInput = (label: string, choices: readonly string[], comments: string) =>
  input({
    label,
    type: 'string',
    default: choices[0] as string,
    model: choices.map((value) => ({ label: value, value })),
    comments,
    clean: (value: unknown) => {
      const given = cleanText(value).trim() || (choices[0] as string);
      const found = choices.find((choice) => choice.toLowerCase() === given.toLowerCase());
      if (found !== undefined) return found;
      throw new Error(`${label} must be one of ${choices.join(', ')}, got "${given.slice(0, 40)}".`);
    },
  });

export const writtenAs = choiceInput(
  'Written As',
  ['base64', 'hex', 'binary'],
  'How bytes are given and written; given bytes that are a file are taken as they are.',
);

export const readAs = choiceInput(
  'Read As',
  ['text', 'binary'],
  'Whether the result is text in UTF-8 or a file of bytes.',
);

/** Bytes for a later step: a file, or text in Base64 or hexadecimal. */
export function written(bytes: Buffer, as: string): unknown {
  return as === 'binary' ? bytes : bytes.toString(as as 'base64' | 'hex');
}

/** The result of an action that gives back what was encrypted. */
export function read(bytes: Buffer, as: string): { data: unknown; contentType?: string } {
  if (as === 'binary') return { data: bytes, contentType: 'application/octet-stream' };
  try {
    return { data: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    throw new Error('The result is no text in UTF-8: choose to read it as binary.', { cause: error });
  }
}
