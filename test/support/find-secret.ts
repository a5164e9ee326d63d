/** One way in which a text may lie in bytes. */
interface Form {
  name: string;
  pattern: Buffer;
}

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

/** The names of the forms in which the bytes hold the text. */
export function findSecret(bytes: Buffer, text: string): string[] {
  return formsOf(text)
    .filter(({ pattern }) => bytes.includes(pattern))
    .map(({ name }) => name);
}

/** The characters of base64 that are the same whatever is before (`before` bytes) and behind. */
function base64Inside(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const whole = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((before * 8) / 6), whole);
}
