import { input, util } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { checkKey } from './levels';

/** Key of one value. */
export const keyInput = input({
  label: 'Key',
  type: 'data',
  required: true,
  comments: 'The name under which the value is stored.',
  clean: (value: unknown) => checkKey(cleanText(value)),
});

/** Key where several may be named by another input instead. */
export const optionalKey = input({
  label: 'Key',
  type: 'data',
  comments: 'The name under which the value is stored.',
  clean: cleanText,
});

export const valueInput = input({
  label: 'Value',
  type: 'data',
  required: true,
  comments: 'Any value: text, a number, an object, a list or a file.',
  // What is not there cannot be kept: it is stored as nothing.
  clean: (value: unknown): unknown => value ?? null,
});

export const defaultValueInput = input({
  label: 'Default Value',
  type: 'data',
  comments: 'What is given when nothing is stored under the key.',
});

export const amountInput = input({
  label: 'Amount',
  type: 'data',
  default: '1',
  comments: 'By how much the stored number changes.',
  clean: cleanAmount,
});

export const flattenValues = input({
  label: 'Flatten Values',
  type: 'boolean',
  default: 'false',
  comments: 'Appends the members of lists among the values instead of the lists.',
  clean: (value: unknown) => util.types.toBool(value),
});

/** A list given as a list, as JSON text or as one value; empty inputs give an empty list. */
export function cleanList(value: unknown): unknown[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === 'string' && util.types.isJSON(value)) {
    const parsed = JSON.parse(value) as unknown;
    if (Array.isArray(parsed)) return parsed;
    if (typeof parsed === 'object' && parsed !== null) return [parsed];
  }
  return [value];
}

/** Pairs of key and value of any type; pairs without a key are dropped, an object is taken as its entries. */
export function cleanValuePairs(value: unknown): [string, unknown][] {
  const given =
    typeof value === 'string' && util.types.isJSON(value) ? (JSON.parse(value) as unknown) : value;
  if (typeof given !== 'object' || given === null) return [];
  const pairs: [unknown, unknown][] = Array.isArray(given)
    ? given.map((pair: { key?: unknown; value?: unknown } | null) => [pair?.key, pair?.value])
    : Object.entries(given);
  return pairs.map(([key, item]): [string, unknown] => [cleanText(key), item]).filter(([key]) => key !== '');
}

function cleanAmount(value: unknown): number {
  const text = cleanText(value).trim();
  const amount = text === '' ? 1 : Number(text);
  if (Number.isFinite(amount)) return amount;
  throw new Error(`Amount must be a number, got "${text.slice(0, 40)}".`);
}
