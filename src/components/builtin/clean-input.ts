/** Text of an input value: nothing becomes `''`, bytes UTF-8 text, an object JSON. */
export function cleanText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (isBinary(value)) return Buffer.from(value.data).toString('utf8');
  if (isTypedText(value)) return value.data;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A key-value list as an object; an object passes as it is, pairs without a key are dropped. */
export function cleanPairs(value: unknown): Record<string, string> {
  const pairs: [unknown, unknown][] = Array.isArray(value)
    ? value.map((pair: { key?: unknown; value?: unknown }) => [pair.key, pair.value])
    : Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    pairs.map(([key, item]) => [cleanText(key), cleanText(item)] as const).filter(([key]) => key !== ''),
  );
}

/** A whole number of at least 0, or `undefined` for an empty input; anything else is an error that names the input. */
export function cleanCount(label: string): (value: unknown) => number | undefined {
  return (value) => {
    const text = cleanText(value).trim();
    if (text === '') return undefined;
    const number = Number(text);
    if (Number.isSafeInteger(number) && number >= 0) return number;
    throw new Error(`${label} must be a whole number of at least 0, got "${text.slice(0, 40)}".`);
  };
}

/** True for the pair of text and content type in which a trigger gives a body of text. */
export function isTypedText(value: unknown): value is { data: string; contentType: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { data, contentType } = value as Record<string, unknown>;
  return typeof data === 'string' && typeof contentType === 'string' && Object.keys(value).length === 2;
}

/** True for the pair of bytes and content type in which binary values travel between steps. */
export function isBinary(value: unknown): value is { data: Uint8Array; contentType?: string } {
  return (
    typeof value === 'object' && value !== null && (value as { data?: unknown }).data instanceof Uint8Array
  );
}
