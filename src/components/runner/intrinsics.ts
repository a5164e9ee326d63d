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

type Snapshot = { object: object; values: Map<PropertyKey, unknown> };

/** Getters are not asked: some of them load modules. */
function snapshotOf(object: object): Snapshot {
  const values = new Map<PropertyKey, unknown>();
  for (const key of Reflect.ownKeys(object)) {
    const found = Reflect.getOwnPropertyDescriptor(object, key);
    values.set(key, found && 'value' in found ? found.value : found?.get);
  }
  return { object, values };
}

const { getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;
const snapshots = SHARED.map(snapshotOf);

/**
 * Whether the built-ins are still those that the runner started with. Code that changed one of them would
 * change what other flows do in this process, so such a process must get no further calls. Globals
 * are left alone: Node itself defines some of them when they are first used.
 */
export function areIntrinsicsIntact(): boolean {
  for (const { object, values } of snapshots) {
    if (ownKeys(object).length !== values.size) return false;
    for (const [key, value] of values) {
      const found = getOwnPropertyDescriptor(object, key);
      if (!is(found && 'value' in found ? found.value : found?.get, value)) return false;
    }
  }
  return true;
}
