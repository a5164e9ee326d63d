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
  keys: PropertyKey[];
  /** By key, without a prototype. */
  descriptors: Record<PropertyKey, PropertyDescriptor>;
};

/** Getters are not asked: some of them load modules. */
function snapshotOf(object: object): Snapshot {
  const values = new Map<PropertyKey, unknown>();
  const descriptors = Object.create(null) as Snapshot['descriptors'];
  for (const key of Reflect.ownKeys(object)) {
    const found = Reflect.getOwnPropertyDescriptor(object, key);
    values.set(key, found && 'value' in found ? found.value : found?.get);
    if (found) descriptors[key] = found;
  }
  return { object, values, keys: [...values.keys()], descriptors };
}

const FULL_EVERY_MS = 250;
const { getOwnPropertyDescriptor, ownKeys, defineProperty, deleteProperty } = Reflect;
const { is } = Object;
const now = performance.now.bind(performance);
const noKeys = [] as object;
let snapshots = SHARED.map(snapshotOf);
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
  snapshots = SHARED.map(snapshotOf);
  areMethodsIntact = compileCheck();
  inherited = inheritedCount();
}

/**
 * Whether the built-ins are still those that the runner started with. Code that changed one of them would
 * change what other flows do in this process, so such a process must get no further calls. Globals
 * are left alone: Node itself defines some of them when they are first used. Replaced methods and what every
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
    const { object, keys, descriptors } = snapshots[at]!;
    const present = ownKeys(object);
    for (let each = 0; each < present.length; each += 1)
      if (!descriptors[present[each]!]) deleteProperty(object, present[each]!);
    for (let each = 0; each < keys.length; each += 1)
      defineProperty(object, keys[each]!, descriptors[keys[each]!]!);
  }
}

/** As {@link areIntrinsicsIntact}, with all that it does not look at each time. */
export function areAllIntact(): boolean {
  for (const { object, values } of snapshots) {
    if (ownKeys(object).length !== values.size) return false;
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
      if (typeof key !== 'string' || !/^[a-z]\w*$/i.test(key) || typeof found?.value !== 'function')
        return [];
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
