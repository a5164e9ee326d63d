/**
 * Reads a value by path. Own properties only; a segment on undefined, null or a scalar, an index beyond the
 * end and an inherited name all give undefined, never an error.
 */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let present = value;
  for (const segment of path) {
    if (present === null || typeof present !== 'object') return undefined;
    if (isBytes(present)) return undefined;
    if (Array.isArray(present)) {
      if (!/^\d+$/.test(segment)) return undefined;
      present = present[Number(segment)] as unknown;
    } else {
      if (!Object.hasOwn(present, segment)) return undefined;
      present = (present as Record<string, unknown>)[segment];
    }
  }
  return present;
}

/** Binary values: opaque to paths. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
