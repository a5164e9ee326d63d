/** What a word ends in that speaks of a secret, as `accesstoken` does and `secretary` does not. */
const SECRET =
  /(password|passwd|passphrase|passcode|secret|token|credential|(api|access|private|secret|signing)key)s?$/;
/** Short for a secret, or part of its name. */
const SHORT = /^(auth|authorization|pass|pwd|keys?)$/;
/** What is said about a secret is none: a `Token Type`, a `Key Prefix`, the `authScheme`. */
const ABOUT = new Set(
  (
    'algorithm audience column count domain endpoint expiration expires expiry field format grant header host length ' +
    'lifetime limit location method mode name path policy prefix provider realm scheme server strategy suffix ttl type ' +
    'uri url version'
  ).split(' '),
);
/** Keys of these find data and open nothing. */
const OF_DATA = new Set(
  (
    'board cache custom dedupe external field file folder foreign group hash header index issue item join lookup map ' +
    'match matching message natural object order partition primary project range record routing row s3 sort space ' +
    'unique'
  ).split(' '),
);

/** `API_KEY`, `apiKey` and `Api key` are the same words. */
const wordsOf = (name: string): string[] =>
  name
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

const isAbout = (words: readonly string[]): boolean => ABOUT.has(words.at(-1) ?? '');

/** Whether the name of a connection's field says that its value is secret. */
export function isSecretField(name: string): boolean {
  const words = wordsOf(name);
  if (isAbout(words) || words.join(' ') === 'header key') return false;
  return words.some((word) => SECRET.test(word) || SHORT.test(word));
}

/**
 * The same of a text config variable. Its name is for people and its value may be any word, which is masked in all that
 * steps hand on if it is taken for a secret: so of keys only those that open something, and no part of other words.
 */
export function isSecretVariable(name: string): boolean {
  const words = wordsOf(name);
  if (isAbout(words)) return false;
  if (words.some((word) => SECRET.test(word))) return true;
  return SHORT.test(words.at(-1) ?? '') && !OF_DATA.has(words.at(-2) ?? '');
}
