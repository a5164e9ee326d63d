/** One way in which a text may lie in bytes. */
interface Form {
  name: string;
  pattern: Buffer;
}

/** Shorter runs of letters and digits stand in other texts by chance. */
const SHORTEST_CORE = 16;

/**
 * The forms in which bytes may hold a text: plain, in base64 and base64url wherever it begins, in hexadecimal,
 * URL-encoded, escaped for JSON, and as UTF-16.
 */
export function formsOf(text: string): Form[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  const forms: [name: string, pattern: string | Buffer][] = [
    ['plain', text],
    ['URL-encoded', encodeURIComponent(text)],
    ['JSON', JSON.stringify(text).slice(1, -1)],
    ['hexadecimal', hex],
    ['HEXADECIMAL', hex.toUpperCase()],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ...[0, 1, 2].flatMap((before): [string, string][] => {
      const inner = base64Inside(bytes, before);
      return [
        [`base64 at ${before}`, inner],
        [`base64url at ${before}`, inner.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
  ];
  return forms.map(([name, pattern]) => ({ name, pattern: Buffer.from(pattern as string) }));
}

/**
 * The names of the forms in which the bytes hold the text; with `in part` behind them where they hold only its
 * longest run of letters and digits so, as in text that was escaped twice, or escaped and then encoded.
 */
export function findSecret(bytes: Buffer, text: string): string[] {
  const whole = namesOf(bytes, text);
  const core = coreOf(text);
  if (core.length < SHORTEST_CORE || core === text) return whole;
  const part = namesOf(bytes, core).filter((name) => !whole.includes(name));
  return [...whole, ...part.map((name) => `${name} in part`)];
}

const namesOf = (bytes: Buffer, text: string): string[] =>
  formsOf(text)
    .filter(({ pattern }) => bytes.includes(pattern))
    .map(({ name }) => name);

function coreOf(text: string): string {
  const runs = text.match(/[A-Za-z0-9]+/g) ?? [];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** The characters of base64 that are the same whatever is before (`before` bytes) and behind. */
function base64Inside(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const whole = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((before * 8) / 6), whole);
}
