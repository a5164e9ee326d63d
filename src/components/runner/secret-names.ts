/** What a word ends in that speaks of a secret, as `accesstoken` does and `secretary` does not. */
const SECRET =
  /(password|passwd|passphrase|passcode|passwort|kennwort|secret|token|credential|jwt|(app|api|access|account|auth|client|encryption|hmac|license|master|pass|private|secret|shared|signing|ssh|subscription)key)s?$/;
/** Short for a secret, or part of its name. */
const SHORT = /^(auth|authorization|bearer|cookies?|creds?|dsn|keys?|pass|pat|pem|pfx|p12|pwd|pswd)$/;
/** What is said about a secret is none: a `Token Type`, a `Key Prefix`, the `authScheme`. */
const ABOUT = new Set(
  (
    'age algorithm arn audience category claim column count database date days delimiter description domain email ' +
    'enabled encoding endpoint environment expiration expires expiry field flow format grant header hint host hours ' +
    'interval issuer kind label length level lifetime limit location manager method minutes mode name order ' +
    'organization page path period policy prefix project provider realm region required retries role rotation scheme ' +
    'scope scopes seconds separator server size source status strategy style subject suffix template tenant time ' +
    'timeout ttl type uri url user username vault version'
  ).split(' '),
);
/** Keys of these find data and open nothing. */
const OF_DATA = new Set(
  (
    'board business cache column composite config correlation custom dedup dedupe deduplication entity epic external ' +
    'field file folder foreign group hash header idempotency index issue item join json lookup map match matching ' +
    'message natural object order parent partition primary project property public publishable range record routing ' +
    'row s3 site sort space state story surrogate task ticket translation unique workspace'
  ).split(' '),
);
/** Keys that are shown to anybody. */
const FOR_ALL = new Set(['public', 'publishable', 'site']);
/** They tell one of several apart, or how it is written: `API Key (Production)`, `API Key 2`. */
const APART =
  /^(\d+|v\d+|a|b|backup|base64|current|default|dev|development|encoded|live|new|old|optional|plain|prod|production|qa|sandbox|secondary|stage|staging|string|test|testing|text|uat|value)$/;
/** Tokens are counted, too. */
const COUNTED =
  /^(max|maximum|min|minimum|total|number|num|count|input|output|prompt|completion|per|used|budget)$/;
/** Codes that open something, by the word before. */
const OPENING = /^(access|auth|authorization|security)$/;

/** `API_KEY`, `apiKey` and `Api key` are the same words. */
const wordsOf = (name: string): string[] =>
  name
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

/** The words without those behind that only tell one of several apart, or whose it is: `API Key for Users`. */
function withoutApart(all: readonly string[]): readonly string[] {
  const of = all.findIndex((word, at) => at > 0 && (word === 'for' || word === 'of'));
  const words = of < 0 ? all : all.slice(0, of);
  const last = words.findLastIndex((word) => !APART.test(word));
  return last <= 0 ? words : words.slice(0, last + 1);
}

const isAbout = (words: readonly string[]): boolean => ABOUT.has(words.at(-1) ?? '');

const isCount = (words: readonly string[]): boolean =>
  words.includes('tokens') && words.some((word) => COUNTED.test(word));

const isForAll = (words: readonly string[]): boolean =>
  /^keys?$/.test(words.at(-1) ?? '') && FOR_ALL.has(words.at(-2) ?? '');

/** Two words that mean a secret together only. */
const isPair = (words: readonly string[]): boolean => {
  const [before = '', last = ''] = words.slice(-2);
  return (last === 'code' && OPENING.test(before)) || (last === 'string' && before === 'connection');
};

/** Whether the name of a connection's field says that its value is secret. */
export function isSecretField(name: string): boolean {
  const all = wordsOf(name);
  const words = withoutApart(all);
  if (isAbout(words) || isCount(all) || isForAll(words) || words.join(' ') === 'header key') return false;
  return isPair(all) || words.some((word) => SECRET.test(word) || SHORT.test(word));
}

/**
 * The same of a text config variable. Its name is for people and its value may be any word, which is masked in all that
 * steps hand on if it is taken for a secret: so of keys only those that open something, and no part of other words.
 */
export function isSecretVariable(name: string): boolean {
  const all = wordsOf(name);
  const words = withoutApart(all);
  if (isAbout(words) || isCount(all)) return false;
  if (isPair(all) || words.some((word) => SECRET.test(word))) return true;
  return SHORT.test(words.at(-1) ?? '') && !OF_DATA.has(words.at(-2) ?? '');
}
