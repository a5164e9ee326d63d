/** Shorter texts would mask ordinary words. */
const SHORTEST = 6;

/**
 * Matches each of the secrets as it is and as it is commonly passed on: escaped for JSON, URL-encoded, in
 * hexadecimal, and in base64 wherever it begins within what was encoded. Undefined without secrets.
 */
export function secretPattern(secrets: Iterable<string>): RegExp | undefined {
  const forms = new Set([...secrets].filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  if (forms.size === 0) return undefined;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escape).join('|'), 'g');
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((before) => base64Inside(bytes, before));
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter((form) => form.length >= SHORTEST);
}

/** The characters of base64 that stay the same whatever bytes are around; `before` counts those in front. */
function base64Inside(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
