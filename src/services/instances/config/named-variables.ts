/** Keys of the config variables that an input names, at whatever depth. */
export function namedVariables(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  const { kind, key } = value as { kind?: unknown; key?: unknown };
  if (kind === 'configVar' && typeof key === 'string') found.add(key);
  // What is inside a plain value is data, not an input.
  else if (kind !== 'value') for (const part of Object.values(value)) namedVariables(part, found);
  return found;
}
