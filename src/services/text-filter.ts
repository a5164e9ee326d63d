/** Characters that mean something in a regular expression. */
const SPECIAL = /[.*+?^${}()|[\]\\/-]/g;

/** The filter for "contains this text, whatever its letter case". */
export function containing(text: string): { $regex: string; $options: 'i' } {
  return { $regex: text.replace(SPECIAL, '\\$&'), $options: 'i' };
}

/** The filter for "begins with this text, whatever its letter case". */
export function beginning(text: string): { $regex: string; $options: 'i' } {
  return { $regex: `^${text.replace(SPECIAL, '\\$&')}`, $options: 'i' };
}

/** The filters for "has a word that begins so", one for each word of `text`. */
export function wordsBeginning(text: string): { $regex: string; $options: 'i' }[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.map((word) => ({ $regex: `(^|\\W)${word.replace(SPECIAL, '\\$&')}`, $options: 'i' }));
}
