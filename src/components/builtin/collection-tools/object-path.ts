import { describe } from './inputs';

type Entries = (readonly [string, unknown])[];

/** The parts of a path such as `a.b[0].c`; none for an empty one. */
export function partsOf(path: string): string[] {
  return path
    .split(/[.[\]]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * A copy of an object with entries added at a path. Objects that are not there yet are made; the given one stays as it
 * is. Throws where the path leads through something that is neither object nor list.
 */
export function withEntries(value: unknown, path: string[], entries: Entries, depth = 0): unknown {
  const part = path[depth];
  const where = depth === 0 ? 'Object' : `The value at ${path.slice(0, depth).join('.')}`;
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    const at = Number(part ?? '');
    if (part === undefined || !Number.isInteger(at) || at < 0 || at > list.length)
      throw new Error(`${where} is a list: name the position of one of its items (0 to ${list.length}).`);
    const inner = withEntries(list[at], path, entries, depth + 1);
    return [...list.slice(0, at), inner, ...list.slice(at + 1)];
  }
  const own = ownEntries(value, where);
  if (part === undefined) return Object.fromEntries([...own, ...entries]);
  const before = own.find(([key]) => key === part)?.[1];
  return Object.fromEntries([...own, [part, withEntries(before, path, entries, depth + 1)] as const]);
}

function ownEntries(value: unknown, where: string): Entries {
  if (value === undefined || value === null) return [];
  if (typeof value === 'object' && !(value instanceof Uint8Array) && !(value instanceof Date))
    return Object.entries(value);
  throw new Error(`${where} must be an object, got ${describe(value)}.`);
}
