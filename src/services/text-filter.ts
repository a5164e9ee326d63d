import { AppError } from '../errors';

/** Characters that mean something in a regular expression. */
const SPECIAL = /[.*+?^${}()|[\]\\/-]/g;
/** As long as the longest text that is looked through, a line of a log. The database takes eight times that. */
const LONGEST = 4096;

/** Throws `invalid_input` for what the database would not look for. */
function escaped(text: string): string {
  if (text.length > LONGEST || text.includes('\0')) {
    const message = `A text to look for has at most ${LONGEST} characters, and none of code 0.`;
    throw new AppError('invalid_input', message);
  }
  return text.replace(SPECIAL, '\\$&');
}

/** The filter for "contains this text, whatever its letter case". */
export function containing(text: string): { $regex: string; $options: 'i' } {
  return { $regex: escaped(text), $options: 'i' };
}

/** The filter for "begins with this text, whatever its letter case". */
export function beginning(text: string): { $regex: string; $options: 'i' } {
  return { $regex: `^${escaped(text)}`, $options: 'i' };
}

/** The filters for "has a word that begins so", one for each word of `text`. */
export function wordsBeginning(text: string): { $regex: string; $options: 'i' }[] {
  const words = escaped(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.map((word) => ({ $regex: `(^|\\W)${word}`, $options: 'i' }));
}
