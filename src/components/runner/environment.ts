import { type CallScope, currentCall } from './call-scope';
import { CHECKS, partAgents, partFetch } from './network/unchecked-connections';

type Environment = Record<string, string | undefined>;

/** What the process was started with. */
const started: Readonly<Environment> = { ...process.env };
/** What bundles set while they loaded, by file. */
const ofBundles = new Map<string, Environment>();
const ofCalls = new WeakMap<CallScope, Environment>();
/** Of the bundle that loads now. */
let loading: Environment | undefined;

/**
 * Gives each call variables of its own in `process.env`: what one sets, no other sees, nor does Node.js obey it there
 * (certificates that are not checked, a time zone). Writing works as ever and never throws; outside of calls it has
 * no effect.
 */
export function partEnvironments(): void {
  partAgents();
  const outside = unchanging({ ...started });
  Object.defineProperty(process, 'env', {
    get: () => present() ?? outside,
    set(given: unknown) {
      replace(present(), given);
    },
    enumerable: true,
    configurable: false,
  });
}

/** Loads a bundle with variables of its own: what it sets meanwhile stays, for its calls alone. */
export function loadApart<T>(path: string, load: () => T): T {
  const before = loading;
  const values = asEnvironment({ ...started });
  loading = values;
  try {
    return load();
  } finally {
    loading = before;
    const isSet = ([key, value]: [string, unknown]) => value !== started[key];
    ofBundles.set(path, Object.fromEntries(Object.entries(values).filter(isSet)));
    takeEnvironmentOf(path);
  }
}

/** Gives the present call what a bundle that it runs has set while it loaded. */
export function takeEnvironmentOf(path: string): void {
  const values = ofBundles.get(path);
  if (values && Object.keys(values).length > 0) Object.assign(present() ?? {}, values);
}

function present(): Environment | undefined {
  if (loading) return loading;
  const call = currentCall();
  if (call === undefined) return undefined;
  const known = ofCalls.get(call);
  if (known) return known;
  const made = asEnvironment({ ...started });
  ofCalls.set(call, made);
  return made;
}

/** Values become text, as in Node's own. */
function asEnvironment(values: Environment): Environment {
  return new Proxy(values, {
    set(target, key, value) {
      if (typeof key === 'string' && key !== '__proto__') target[key] = String(value);
      if (key === CHECKS) partFetch();
      return true;
    },
    defineProperty(target, key, descriptor) {
      if (key === CHECKS) partFetch();
      return Reflect.defineProperty(target, key, descriptor);
    },
  });
}

function unchanging(values: Environment): Environment {
  const ignore = () => true;
  return new Proxy(values, { set: ignore, defineProperty: ignore, deleteProperty: ignore });
}

/** `process.env = {…}` keeps to the call, too. */
function replace(values: Environment | undefined, given: unknown): void {
  if (!values || typeof given !== 'object' || given === null) return;
  for (const key of Object.keys(values)) delete values[key];
  Object.assign(values, given);
}
