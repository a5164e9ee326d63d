import Module, { createRequire } from 'node:module';

/**
 * Libraries that the SDK asks for when it is loaded, and that hardly a call uses: half of the memory that the built-in
 * components take in each runner, and of the time until it is there. They come when something of them is first used.
 */
const PUT_OFF = ['axios', 'date-fns', 'jest-mock', 'yaml', 'zod'];

/** What the SDK itself finds under these names. */
const sdk = createRequire(require.resolve('@prismatic-io/spectral'));

type Library = Record<PropertyKey, unknown>;

/** Entries of the cache of modules may be replaced. Source: the documentation of Node.js on `require.cache`. */
function putOff(path: string): void {
  if (sdk.cache[path] !== undefined) return;
  let library: Library | undefined;
  const load = (): Library => {
    if (library !== undefined) return library;
    delete sdk.cache[path];
    library = sdk(path) as Library;
    return library;
  };
  const standIn = new Proxy(() => undefined, {
    // The SDK asks this of axios and yaml at once, which have no default of their own; of the others it asks nothing.
    get: (_target, key) => (key === '__esModule' && library === undefined ? false : Reflect.get(load(), key)),
    apply: (_target, self, values) => Reflect.apply(load() as never, self, values),
  });
  sdk.cache[path] = Object.assign(new Module(path), { filename: path, exports: standIn, loaded: true });
}

for (const name of PUT_OFF) putOff(sdk.resolve(name));
