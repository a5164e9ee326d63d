import { createRequire } from 'node:module';

const load = createRequire(__filename);

/** A library that is loaded when it is first used: every runner has all built-in components, and few use many of them. */
export function lazy<T>(name: string): () => T {
  let library: T | undefined;
  return () => {
    library ??= load(name) as T;
    return library;
  };
}
