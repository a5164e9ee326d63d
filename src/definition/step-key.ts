import { LIMITS } from './limits';

/**
 * The key by which references name a step, made from its display name: words of ASCII letters and digits, the
 * first in lower case, each further one capitalised, the rest of it in lower case. Empty if the name has none. What is over
 * the length that a name may have does not count.
 */
export function stepKey(name: string): string {
  const words = name
    .slice(0, LIMITS.nameCharacters)
    .split(/[^0-9A-Za-z]+/)
    .filter((word) => word !== '');
  return words
    .map((word, index) => {
      const lower = word.toLowerCase();
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
    })
    .join('');
}
