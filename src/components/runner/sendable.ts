/** Values of a result that are looked at before it counts as no data at all. */
const MOST_VALUES = 1_000_000;

/**
 * A copy of a value that can cross the process border: functions, symbols, streams and promises are left out,
 * as JSON would do it, class instances become plain objects, errors keep name and message.
 */
export function toSendable(value: unknown): unknown {
  return copy(value, { seen: new Map(), count: 0 });
}

interface Walk {
  /** Copies by original: keeps shared and circular references. */
  seen: Map<object, unknown>;
  count: number;
}

function copy(value: unknown, walk: Walk): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (walk.seen.has(value)) return walk.seen.get(value);
  walk.count += 1;
  if (walk.count > MOST_VALUES) throw new Error('The result is no plain data: it holds too many objects.');
  if (isKept(value)) return value;
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (isLive(value)) return undefined;
  return copyContainer(value, walk);
}

function copyContainer(value: object, walk: Walk): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    walk.seen.set(value, items);
    for (const item of value) items.push(copy(item, walk));
    return items;
  }
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>();
    walk.seen.set(value, map);
    for (const [key, item] of value) map.set(copy(key, walk), copy(item, walk));
    return map;
  }
  if (value instanceof Set) return new Set([...value].map((item) => copy(item, walk)));
  const object: Record<string, unknown> = {};
  walk.seen.set(value, object);
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') continue;
    const copied = copy(item, walk);
    if (copied !== undefined || item === undefined) object[key] = copied;
  }
  return object;
}

function isKept(value: object): boolean {
  return (
    value instanceof Date ||
    value instanceof RegExp ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer
  );
}

/** Streams, sockets, event emitters and promises: handles to something running, not data. */
function isLive(value: object): boolean {
  const { on, pipe, then } = value as { on?: unknown; pipe?: unknown; then?: unknown };
  return typeof on === 'function' || typeof pipe === 'function' || typeof then === 'function';
}
