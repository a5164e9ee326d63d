import { builtins } from '../builtin';
import type { ComponentPin } from '../manifest';
import { type LoadedComponent, loadBundle } from './load-bundle';

const ours = new Map<string, LoadedComponent>(
  builtins.map((component) => [component.key, component as unknown as LoadedComponent]),
);
/** By the file, which lies in a folder of its signature; what was loaded once stays for the life of the process. */
const loaded = new Map<string, LoadedComponent>();

/** Whether a public component ships with Tenon. */
export const isBuiltIn = (key: string): boolean => ours.has(key);

/** The component of a bundle, else the built-in one that a pin names. Throws when there is none. */
export function loadComponent(pin: ComponentPin, bundlePath: string | undefined): LoadedComponent {
  if (bundlePath !== undefined) return loadOnce(pin, bundlePath);
  const component = pin.isPublic ? ours.get(pin.key) : undefined;
  if (component !== undefined) return component;
  const kind = pin.isPublic ? 'public' : 'private';
  throw new Error(
    `The code of the ${kind} component "${pin.key}" (version ${pin.version}) is not here: it is not built in, and its package was not found.`,
  );
}

function loadOnce(pin: ComponentPin, path: string): LoadedComponent {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  try {
    const component = loadBundle(path);
    loaded.set(path, component);
    return component;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The code of component "${pin.key}" could not be loaded: ${reason}`, { cause: error });
  }
}
