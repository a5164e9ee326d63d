/** Objects and list items of a result; more is no data that a step hands on. */
const MOST_VALUES = 1_000_000;
/** One within the other. The journal stores 1,000, its own around them among these. */
const MOST_LEVELS = 990;

/** How much text and how many bytes a value may hold, together. */
interface Bound {
  bytes: number;
  message: string;
}

const MB = 1024 * 1024;
/** Source: the promise of 50 MB a step. */
export const MOST_RESULT_MB = 50;
const OF_RESULT: Bound = {
  bytes: MOST_RESULT_MB * MB,
  message: `The result is larger than ${MOST_RESULT_MB} MB; hand on a reference to it.`,
};
/** Source: what published components know of all levels together. */
export const OF_STATES: Bound = { bytes: 64 * MB, message: 'The states are larger than 64 MB.' };

/**
 * A copy of a value as the journal gives it back, so that a later step sees the same before and after it was stored:
 * functions, symbols, streams and promises are left out, as JSON would do it, class instances become plain objects,
 * errors keep name and message; see {@link plainForm} for the rest.
 */
export function toSendable(value: unknown, bound = OF_RESULT): unknown {
  return copy(value, { inside: new Set(), count: 0, bytes: 0, bound, isPlain: true });
}

/**
 * Whether a value can be sent as it is. Copies nothing, and throws what {@link toSendable} would throw of one that is
 * too large, too deep or holds itself; of one that must be copied anyway, the copy may say so.
 */
export function assertBounded(value: unknown, bound = OF_RESULT): boolean {
  const walk: Walk = { inside: new Set(), count: 0, bytes: 0, bound, isPlain: true };
  look(value, walk);
  return walk.isPlain;
}

function look(value: unknown, walk: Walk): void {
  if (typeof value === 'string') addBytes(walk, value.length);
  if (typeof value !== 'object' || value === null) return;
  enter(value, walk);
  const isOrdinary = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isOrdinary) {
    if (isKept(value) || isLive(value)) return;
    if (plainForm(value) !== value) {
      walk.isPlain = false;
      return;
    }
  }
  walk.inside.add(value);
  if (Array.isArray(value)) lookAtItems(value, walk);
  else for (const part of Object.values(value)) look(part, walk);
  walk.inside.delete(value);
}

function lookAtItems(items: readonly unknown[], walk: Walk): void {
  for (const item of items) {
    // A list cannot be stored with holes.
    if (item === undefined) walk.isPlain = false;
    else look(item, walk);
  }
}

/** Counts an object; throws when it is around itself, too deep, or one too many. */
function enter(value: object, walk: Walk): void {
  if (walk.inside.has(value)) throw new Error('The result is no plain data: it holds itself.');
  if (walk.inside.size >= MOST_LEVELS)
    throw new Error(`The result is nested too deeply: it has more than ${MOST_LEVELS} levels.`);
  countValues(walk, 1 + lengthOf(value));
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) addBytes(walk, value.byteLength);
}

function countValues(walk: Walk, count: number): void {
  walk.count += count;
  if (walk.count > MOST_VALUES) throw new Error('The result is no plain data: it holds too many objects.');
}

/** A list counts by its length: its holes are stored, too. So does one of numbers, which becomes a list. */
function lengthOf(value: object): number {
  if (Array.isArray(value)) return value.length;
  const isNumbers = ArrayBuffer.isView(value) && !isBytes(value);
  return isNumbers ? (value as unknown as ArrayLike<number>).length : 0;
}

const isBytes = (value: object): boolean => value instanceof Uint8Array || value instanceof DataView;

interface Walk {
  /** The containers around the present value: meeting one again is a circle. */
  inside: Set<object>;
  /** Objects so far, a shared one as often as it is met: that is how often it will be stored. */
  count: number;
  bytes: number;
  bound: Bound;
  /** Nothing so far had to be given another form. */
  isPlain: boolean;
}

function copy(value: unknown, walk: Walk): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'string') addBytes(walk, value.length);
  if (typeof value !== 'object' || value === null) return value;
  enter(value, walk);
  if (isKept(value)) return value;
  if (isLive(value)) return undefined;
  const plain = plainForm(value);
  if (typeof plain !== 'object' || plain === null) return copy(plain, walk);
  walk.inside.add(value);
  const copied = copyContainer(plain, walk);
  walk.inside.delete(value);
  return copied;
}

function copyContainer(value: object, walk: Walk): unknown {
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return Array.from(value, (item) => copy(item, walk) ?? null);
  const object: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') continue;
    const copied = copy(item, walk);
    if (copied !== undefined || item === undefined) object[key] = copied;
  }
  return object;
}

/**
 * What stands for an object that the journal has no form for: a map with names becomes an object and any other one a
 * list of pairs, a set and a list of numbers a list, bytes a Buffer, a pattern its text, an invalid date null. Others are
 * what they are.
 */
function plainForm(value: object): unknown {
  if (value instanceof Map) return ofMap(value);
  if (value instanceof Set) return [...value];
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof Date) return null;
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (ArrayBuffer.isView(value) && isBytes(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>);
  const isBoxed = value instanceof String || value instanceof Number || value instanceof Boolean;
  return isBoxed ? value.valueOf() : value;
}

function ofMap(map: ReadonlyMap<unknown, unknown>): unknown {
  const isNamed = [...map.keys()].every((key) => typeof key === 'string' || typeof key === 'number');
  return isNamed ? Object.fromEntries(map as ReadonlyMap<string, unknown>) : [...map];
}

function addBytes(walk: Walk, bytes: number): void {
  walk.bytes += bytes;
  if (walk.bytes > walk.bound.bytes) throw new Error(walk.bound.message);
}

/** Dates and Buffers. */
function isKept(value: object): boolean {
  return value instanceof Date ? !Number.isNaN(value.getTime()) : Buffer.isBuffer(value);
}

/** Streams, sockets, event emitters and promises: handles to something running, not data. */
function isLive(value: object): boolean {
  const { on, pipe, then } = value as { on?: unknown; pipe?: unknown; then?: unknown };
  return typeof on === 'function' || typeof pipe === 'function' || typeof then === 'function';
}
