import { input } from '@prismatic-io/spectral';
import { cleanCount, cleanText, isBinary, isTypedText } from '../clean-input';

/** A list, as it is or as the JSON of one; nothing is an empty list. Throws an error that names the input. */
export function cleanList(label: string): (value: unknown) => unknown[] {
  return (value) => {
    const given = isText(value) ? parsed(cleanText(value)) : value;
    if (Array.isArray(given)) return given;
    if (given === undefined || given === null || given === '') return [];
    throw new Error(`${label} must be a list, got ${describe(given)}.`);
  };
}

/** An object, as it is or as the JSON of one; nothing is an empty object. Throws an error that names the input. */
export function cleanObject(label: string): (value: unknown) => Record<string, unknown> {
  return (value) => {
    const given = isText(value) ? parsed(cleanText(value)) : value;
    if (given === undefined || given === null || given === '') return {};
    if (typeof given === 'object' && !Array.isArray(given)) return given as Record<string, unknown>;
    throw new Error(`${label} must be an object, got ${describe(given)}.`);
  };
}

/** The value of JSON text; other text, bytes of it and values pass as they are. */
export function cleanJson(value: unknown): unknown {
  return isText(value) ? parsed(cleanText(value)) : value;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array || isBinary(value) || isTypedText(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim() === '' ? '' : text;
  }
}

/** What kind of value something is, for messages. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `the text "${value.slice(0, 40)}"` : String(value);
}

export const listOf = (label: string, comments: string) =>
  input({ label, type: 'data', required: true, comments, clean: cleanList(label) });

export const listInput = listOf('List', 'A list, usually of an earlier step.');

export const elementInput = input({
  label: 'Element',
  type: 'data',
  required: true,
  comments: 'Any value; it equals items of the same type that hold the same.',
});

export const numberInput = input({
  label: 'Number of Elements',
  type: 'string',
  required: true,
  default: '1',
  comments: 'How many.',
  clean: cleanCount('Number of Elements'),
});
