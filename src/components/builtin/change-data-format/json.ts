import { isSerialized, reasonOf, textOf } from './data';
import type { Written } from './written';

/** JSON text as a value; a value that was read already is given as it is. */
export function readJson(data: unknown): unknown {
  if (!isSerialized(data) && data !== undefined && data !== null) return data;
  const text = textOf('Data', data);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`Data is no JSON: ${reasonOf(error)}.`);
  }
}

/** A value as JSON text; bytes are taken for text. */
export function writeJson(value: unknown, indent?: number): Written {
  const plain = isSerialized(value) && typeof value !== 'string' ? textOf('Data', value) : value;
  try {
    return { data: JSON.stringify(plain ?? null, undefined, indent), contentType: 'application/json' };
  } catch (error) {
    throw new Error(`Data cannot be written as JSON: ${reasonOf(error)}.`);
  }
}
