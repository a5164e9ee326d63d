/** Parts the keys of nested values in a flat object. */
const SEPARATOR = '__';
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);
/** A list is not made longer by one key than this. */
const MAX_INDEX = 10_000;

type Plain = Record<string, unknown>;

/** An object without nested ones: the keys on the way to a value, joined by two underscores; lists by index. */
export function flattenKeys(value: Plain): Plain {
  const flat: [string, unknown][] = [];
  const visit = (at: unknown, path: string): void => {
    const entries = isNested(at) ? Object.entries(at) : [];
    if (entries.length === 0) flat.push([path, isNested(at) ? '' : at]);
    for (const [key, item] of entries) visit(item, `${path}${SEPARATOR}${key}`);
  };
  for (const [key, item] of Object.entries(value)) visit(item, key);
  return Object.fromEntries(flat);
}

/** The inverse: keys with two underscores become nested objects, lists where all keys are numbers. */
export function unflattenKeys(value: Plain): Plain {
  const tree: Plain = {};
  for (const [key, item] of Object.entries(value)) {
    const path = key.split(SEPARATOR);
    const isWhole = path.some((part) => part === '' || UNSAFE.has(part));
    put(tree, isWhole ? [key] : path, item);
  }
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, withLists(item)]));
}

function put(tree: Plain, path: string[], item: unknown): void {
  let at = tree;
  for (const part of path.slice(0, -1)) {
    const next = Object.hasOwn(at, part) ? at[part] : undefined;
    const inner = isNested(next) ? (next as Plain) : {};
    at[part] = inner;
    at = inner;
  }
  const last = path.at(-1) ?? '';
  Object.defineProperty(at, last, { value: item, writable: true, enumerable: true, configurable: true });
}

function withLists(value: unknown): unknown {
  if (!isNested(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withLists(item)] as const);
  const isList = entries.every(([key]) => /^(0|[1-9]\d*)$/.test(key) && Number(key) < MAX_INDEX);
  if (!isList) return Object.fromEntries(entries);
  const list: unknown[] = [];
  for (const [key, item] of entries) list[Number(key)] = item;
  return Array.from(list, (item) => item ?? null);
}

function isNested(value: unknown): value is Plain {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
  );
}
