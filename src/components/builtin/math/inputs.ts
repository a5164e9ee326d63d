import { input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

/** A number given as text, or as a number; throws an error that names the input. */
export function cleanNumber(label: string): (value: unknown) => number {
  return (value) => {
    const text = cleanText(value).trim();
    const number = Number(text);
    if (text !== '' && !Number.isNaN(number)) return number;
    throw new Error(`${label} must be a number, got "${text.slice(0, 40)}".`);
  };
}

export const numberInput = (label: string, initial?: string) =>
  input({
    label,
    type: 'string',
    required: true,
    ...(initial === undefined ? {} : { default: initial }),
    comments: 'A number.',
    clean: cleanNumber(label),
  });

function cleanNumbers(value: unknown): number[] {
  const items = typeof value === 'string' ? listOfText(value) : value;
  if (items === undefined || items === null) return [];
  if (!Array.isArray(items)) throw new Error('Numbers must be a list of numbers.');
  return items.map((item, at) => cleanNumber(`Number ${at + 1}`)(item));
}

/** JSON of a list, or a list with commas. */
function listOfText(text: string): unknown {
  const plain = text.trim();
  if (plain === '') return [];
  return plain.startsWith('[') ? (JSON.parse(plain) as unknown) : plain.split(',');
}

export const numbers = input({
  label: 'Numbers',
  type: 'string',
  collection: 'valuelist',
  required: true,
  comments: 'Two or more numbers.',
  clean: cleanNumbers,
});

export const optionalNumbers = input({
  label: 'Numbers',
  type: 'string',
  collection: 'valuelist',
  comments: 'Numbers.',
  clean: cleanNumbers,
});

export const dynamicNumbers = input({
  label: 'Dynamic Numbers',
  type: 'data',
  comments: 'A list of numbers of an earlier step, or its JSON, in place of Numbers.',
  clean: cleanNumbers,
});
