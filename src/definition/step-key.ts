/**
 * The key by which references name a step, made from its display name: words of ASCII letters and digits, the
 * first in lower case, each further one capitalised, the rest of it in lower case. Empty if the name has none.
 */
export function stepKey(name: string): string {
  const words = name.split(/[^0-9A-Za-z]+/).filter((word) => word !== '');
  return words
    .map((word, index) => {
      const lower = word.toLowerCase();
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
    })
    .join('');
}
