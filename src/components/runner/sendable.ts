/** Objects and list items of a result; more is no data that a step hands on. */
const MOST_VALUES = 1_000_000;

/** How much text and how many bytes a value may hold, together. */
interface Bound {
  bytes: number;
  message: string;
}

const MB = 1024 * 1024;
/** Source: the promise of 50 MB a step. */
const OF_RESULT: Bound = {
  bytes: 50 * MB,
  message: 'The result is larger than 50 MB; hand on a reference to it.',
};
/** Source: what published components know of all levels together. */
export const OF_STATES: Bound = { bytes: 64 * MB, message: 'The states are larger than 64 MB.' };

/**
 * A copy of a value that can cross the process border: functions, symbols, streams and promises are left out,
 * as JSON would do it, class instances become plain objects, errors keep name and message.
 */
export function toSendable(value: unknown, bound = OF_RESULT): unknown {
  return copy(value, { inside: new Set(), count: 0, bytes: 0, bound });
}

/** Throws what {@link toSendable} would throw of a value that is too large or holds itself; copies nothing. */
export function assertBounded(value: unknown, bound = OF_RESULT): void {
  look(value, { inside: new Set(), count: 0, bytes: 0, bound });
}

function look(value: unknown, walk: Walk): void {
  if (typeof value === 'string') addBytes(walk, value.length);
  if (typeof value !== 'object' || value === null) return;
  enter(value, walk);
  if (isKept(value) || isLive(value)) return;
  walk.inside.add(value);
  const parts =
    value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  for (const part of parts) look(part, walk);
  walk.inside.delete(value);
}

/** Counts an object; throws when it is around itself, or one too many. */
function enter(value: object, walk: Walk): void {
  if (walk.inside.has(value)) throw new Error('The result is no plain data: it holds itself.');
  // A list counts by its length: its holes are stored, too.
  walk.count += 1 + (Array.isArray(value) ? value.length : 0);
  if (walk.count > MOST_VALUES) throw new Error('The result is no plain data: it holds too many objects.');
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) addBytes(walk, value.byteLength);
}

interface Walk {
  /** The containers around the present value: meeting one again is a circle. */
  inside: Set<object>;
  /** Objects so far, a shared one as often as it is met: that is how often it will be stored. */
  count: number;
  bytes: number;
  bound: Bound;
}

function copy(value: unknown, walk: Walk): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'string') addBytes(walk, value.length);
  if (typeof value !== 'object' || value === null) return value;
  enter(value, walk);
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

function addBytes(walk: Walk, bytes: number): void {
  walk.bytes += bytes;
  if (walk.bytes > walk.bound.bytes) throw new Error(walk.bound.message);
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
