import { cleanText } from '../clean-input';
import { isSerialized } from './data';

/** Text or bytes that are JSON as the value that they stand for, other text as text; values as they are. */
export function parsedText(value: unknown): unknown {
  if (!isSerialized(value)) return value;
  const text = cleanText(value);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
