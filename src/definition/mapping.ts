/** True for plain mappings of keys to values; lists are none. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An entry of a table by its own key, so that names such as `constructor` find nothing. */
export function ownEntry<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The entry of a mapping or a list of plain data; own entries only. */
export function entryAt(data: unknown, segment: string | number): unknown {
  if (Array.isArray(data)) return data[Number(segment)];
  return isMapping(data) && Object.hasOwn(data, segment) ? data[segment] : undefined;
}
