import { compileFunction } from 'node:vm';

/** The built-in objects that all flows of a runner share. */
const SHARED: object[] = [
  JSON,
  Math,
  Reflect,
  Promise,
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Date,
    RegExp,
    Map,
    Set,
    Promise,
    Error,
    Buffer,
    URL,
  ].map((constructor) => constructor.prototype as object),
  Object,
  Array,
];

type Snapshot = {
  object: object;
  values: Map<PropertyKey, unknown>;
  /** Of all keys that it has; of globals, only of those that are looked at. */
  isWhole: boolean;
  keys: PropertyKey[];
  /** By key, without a prototype. */
  descriptors: Record<PropertyKey, PropertyDescriptor>;
};

/** Getters are not asked: some of them load modules. */
function snapshotOf(object: object): Snapshot {
  return snapshotOfKeys(object, Reflect.ownKeys(object), true);
}

/**
 * The functions and objects that go by a name everywhere: `Promise`, `JSON`, `setTimeout`. Without those that Node
 * makes when they are first used, and without names that are free.
 */
function snapshotOfGlobals(): Snapshot {
  const isNamed = (key: PropertyKey): boolean => {
    const value: unknown = Reflect.getOwnPropertyDescriptor(globalThis, key)?.value;
    return typeof value === 'function' || (typeof value === 'object' && value !== null);
  };
  // That one cannot be replaced, see `freezeCalls`.
  return snapshotOfKeys(
    globalThis,
    globals.filter((key) => key !== 'fetch' && isNamed(key)),
    false,
  );
}

function snapshotOfKeys(object: object, keys: PropertyKey[], isWhole: boolean): Snapshot {
  const values = new Map<PropertyKey, unknown>();
  const descriptors = Object.create(null) as Snapshot['descriptors'];
  for (const key of keys) {
    const found = Reflect.getOwnPropertyDescriptor(object, key);
    values.set(key, found && 'value' in found ? found.value : found?.get);
    if (found) descriptors[key] = found;
  }
  return { object, values, isWhole, keys: [...values.keys()], descriptors };
}

const FULL_EVERY_MS = 250;
const { getOwnPropertyDescriptor, ownKeys, defineProperty, deleteProperty } = Reflect;
const { is } = Object;
const now = performance.now.bind(performance);
const noKeys = [] as object;
/** Names that Node gave before any code of others ran. */
const globals = ownKeys(globalThis);
const snapshotOfAll = (): Snapshot[] => [...SHARED.map(snapshotOf), snapshotOfGlobals()];
let snapshots = snapshotOfAll();
let areMethodsIntact = compileCheck();
let inherited = inheritedCount();
let fullCheckAt = 0;

/** It has no keys of its own: what is found is inherited, from lists or from all objects. */
function inheritedCount(): number {
  let count = 0;
  for (const _key in noKeys) count += 1;
  return count;
}

/** Takes the built-ins as they are now for what they must stay: for a process that only runs what changed them. */
export function takeAsIntact(): void {
  snapshots = snapshotOfAll();
  areMethodsIntact = compileCheck();
  inherited = inheritedCount();
}

/**
 * Whether the built-ins are still those that the runner started with. Code that changed one of them would
 * change what other flows do in this process, so such a process must get no further calls. New globals
 * are left alone: many libraries make one of their own. Replaced methods and globals, and what every
 * object or list would inherit are seen at once, the rest (added methods, getters) four times a second.
 */
export function areIntrinsicsIntact(): boolean {
  if (inheritedCount() !== inherited) return false;
  if (!areMethodsIntact()) return false;
  if (now() - fullCheckAt < FULL_EVERY_MS) return true;
  fullCheckAt = now();
  return areAllIntact();
}

/**
 * Puts the built-ins back, so that our own code works until the process is given up. Loops by index: an iterator
 * may be what was changed.
 */
export function restoreIntrinsics(): void {
  for (let at = 0; at < snapshots.length; at += 1) {
    const { object, keys, descriptors, isWhole } = snapshots[at]!;
    const present = isWhole ? ownKeys(object) : [];
    for (let each = 0; each < present.length; each += 1)
      if (!descriptors[present[each]!]) deleteProperty(object, present[each]!);
    for (let each = 0; each < keys.length; each += 1)
      defineProperty(object, keys[each]!, descriptors[keys[each]!]!);
  }
}

/** As {@link areIntrinsicsIntact}, with all that it does not look at each time. */
export function areAllIntact(): boolean {
  for (const { object, values, isWhole } of snapshots) {
    if (isWhole && ownKeys(object).length !== values.size) return false;
    for (const [key, value] of values) {
      const found = getOwnPropertyDescriptor(object, key);
      if (!is(found && 'value' in found ? found.value : found?.get, value)) return false;
    }
  }
  return true;
}

/**
 * A function that compares every method by name: `o0.map === v7 && …`. Written out, V8 knows where each one
 * lies, which makes it fifty times as fast as a loop over keys; it runs after every call.
 */
function compileCheck(): () => boolean {
  const expected: unknown[] = [];
  const terms = snapshots.flatMap(({ object, values }, index) =>
    [...values].flatMap(([key]) => {
      const found = Reflect.getOwnPropertyDescriptor(object, key);
      const isCompared = typeof found?.value === 'function' || object === globalThis;
      if (typeof key !== 'string' || !/^[a-z]\w*$/i.test(key) || !found || !isCompared) return [];
      expected.push(found.value);
      return [`o${index}.${key} === v${expected.length - 1}`];
    }),
  );
  const objects = snapshots.map((_snapshot, index) => `o${index} = objects[${index}]`);
  const values = expected.map((_value, index) => `v${index} = expected[${index}]`);
  const source = `const ${[...objects, ...values].join(', ')}; return () => ${terms.join(' && ')};`;
  return compileFunction(source, ['objects', 'expected'])(
    snapshots.map(({ object }) => object),
    expected,
  ) as () => boolean;
}
