import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../../canonical-json';

/** The items without those that an earlier item equals, deeply and by type; in time that grows with the list. */
export function withoutRepeats(items: unknown[]): unknown[] {
  const scalars = new Set<unknown>();
  const objects = new Map<string, unknown[]>();
  return items.filter((item) => {
    if (typeof item !== 'object' || item === null) {
      if (scalars.has(item)) return false;
      scalars.add(item);
      return true;
    }
    const look = lookOf(item);
    const alike = objects.get(look) ?? [];
    if (alike.some((other) => isDeepStrictEqual(other, item))) return false;
    objects.set(look, [...alike, item]);
    return true;
  });
}

/** Equal values look the same; the inverse need not hold. */
function lookOf(item: object): string {
  try {
    return item instanceof Uint8Array ? Buffer.from(item).toString('latin1') : canonicalJson(item);
  } catch {
    return '';
  }
}
