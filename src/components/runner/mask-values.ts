export type Redact = (text: string) => string;

/** The value with each of its texts as `redact` gives it, names and bytes too; itself where none changes. */
export const masked = (value: unknown, redact: Redact): unknown => maskedInside(value, redact, new Set());

function maskedInside(value: unknown, redact: Redact, inside: Set<object>): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null || inside.has(value)) return value;
  if (value instanceof Uint8Array) return maskedBytes(value, redact);
  inside.add(value);
  const copy = maskedContainer(value, (item) => maskedInside(item, redact, inside), redact);
  inside.delete(value);
  return copy;
}

function maskedContainer(value: object, mask: (item: unknown) => unknown, redact: Redact): unknown {
  if (Array.isArray(value)) {
    const items = value.map(mask);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [mask(key), mask(item)]));
  if (value instanceof Set) return new Set([...value].map(mask));
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of class instances only plain data is sent on; dates and the like hold no text.
  if (prototype !== Object.prototype && prototype !== null && !(value instanceof Error)) {
    return Object.keys(value).length === 0 ? value : maskedObject({ ...value }, mask, redact);
  }
  return maskedObject(value, mask, redact);
}

function maskedObject(value: object, mask: (item: unknown) => unknown, redact: Redact): unknown {
  const entries = Object.entries(value);
  const copies = entries.map(([key, item]) => [redact(key), mask(item)] as const);
  const isSame = copies.every(
    ([key, item], index) => key === entries[index]?.[0] && item === entries[index][1],
  );
  return isSame ? value : Object.fromEntries(copies);
}

/** Each byte is taken for a character of its own, so that what is not masked stays as it was. */
function maskedBytes(bytes: Uint8Array, redact: Redact): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const left = redact(text);
  return left === text ? bytes : Buffer.from(left, 'latin1');
}
