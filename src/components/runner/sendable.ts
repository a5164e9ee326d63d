/** Values of a result that are looked at before it counts as no data at all. */
const MOST_VALUES = 1_000_000;

/**
 * A copy of a value that can cross the process border: functions, symbols, streams and promises are left out,
 * as JSON would do it, class instances become plain objects, errors keep name and message.
 */
export function toSendable(value: unknown): unknown {
  return copy(value, { inside: new Set(), count: 0 });
}

interface Walk {
  /** The containers around the present value: meeting one again is a circle. */
  inside: Set<object>;
  /** Objects so far, a shared one as often as it is met: that is how often it will be stored. */
  count: number;
}

function copy(value: unknown, walk: Walk): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (walk.inside.has(value)) throw new Error('The result is no plain data: it holds itself.');
  walk.count += 1;
  if (walk.count > MOST_VALUES) throw new Error('The result is no plain data: it holds too many objects.');
  if (isKept(value)) return value;
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (isLive(value)) return undefined;
  walk.inside.add(value);
  const copied = copyContainer(value, walk);
  walk.inside.delete(value);
  return copied;
}

function copyContainer(value: object, walk: Walk): unknown {
  if (Array.isArray(value)) return value.map((item) => copy(item, walk));
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [copy(key, walk), copy(item, walk)]));
  }
  if (value instanceof Set) return new Set([...value].map((item) => copy(item, walk)));
  const object: Record<string, unknown> = {};
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
