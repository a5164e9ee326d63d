/** A level at which values are kept: what its actions are called, and the state of the context that it stands for. */
export interface Level {
  /** Part of the keys of the actions. */
  name: 'Execution' | 'Instance' | 'CrossFlow' | 'Integration';
  label: string;
  state: 'executionState' | 'instanceState' | 'crossFlowState' | 'integrationState';
  /** Who sees the values, and for how long. */
  reach: string;
}

/** "Instance" means one flow of an instance: the name is older than instances with several flows. */
export const LEVELS: readonly Level[] = [
  { name: 'Execution', label: 'Execution', state: 'executionState', reach: 'for the rest of the execution' },
  { name: 'Instance', label: 'Flow', state: 'instanceState', reach: 'for later runs of this flow' },
  { name: 'CrossFlow', label: 'Cross Flow', state: 'crossFlowState', reach: 'for all flows of the instance' },
  {
    name: 'Integration',
    label: 'Integration',
    state: 'integrationState',
    reach: 'for all instances of the integration',
  },
];

/** State that is not the author's: of triggers and other components. */
const INTERNAL = /^__/;

/** The states of a context, as far as a level needs them. */
export type StateContext = Record<Level['state'], Record<string, unknown>>;

/** The values of a level that an author stored. */
export function storedKeys(context: StateContext, { state }: Level): string[] {
  return Object.keys(context[state] ?? {}).filter((key) => !INTERNAL.test(key));
}

/** A stored value; `undefined` when there is none. */
export function storedValue(context: StateContext, { state }: Level, key: string): unknown {
  const values = context[state] ?? {};
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** A stored list; empty when there is none. Throws when something else is stored. */
export function storedList(context: StateContext, level: Level, key: string): unknown[] {
  const value = storedValue(context, level, key);
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  throw new Error(`The value stored under "${key}" is no list but ${describe(value)}.`);
}

/** The part of an action's result that changes stored values; `undefined` removes one. */
export function changes(
  { state }: Level,
  values: Iterable<readonly [string, unknown]>,
): Partial<StateContext> {
  return { [state]: Object.fromEntries(values) };
}

/** A key under which an author may store something. Throws for an empty one and for those of the runtime. */
export function checkKey(key: string): string {
  if (key === '') throw new Error('Key is empty: name the value to be stored or read.');
  if (INTERNAL.test(key))
    throw new Error(`Key "${key}" is reserved: keys must not begin with two underscores.`);
  return key;
}

/** What kind of value something is, for messages. */
export function describe(value: unknown): string {
  return typeof value === 'object'
    ? 'an object'
    : `the ${typeof value} ${JSON.stringify(value)}`.slice(0, 60);
}
