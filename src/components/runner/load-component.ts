import { builtins } from '../builtin';
import type { ComponentPin } from '../manifest';
import { runAsLoading } from './call-scope';
import { loadApart, takeEnvironmentOf } from './environment';
import { areAllIntact, takeAsIntact } from './intrinsics';
import { type LoadedComponent, loadBundle } from './load-bundle';

const ours = new Map<string, LoadedComponent>(
  builtins.map((component) => [component.key, component as unknown as LoadedComponent]),
);
/** Bundles that change built-in objects when they are loaded, and may not in a process that others share. */
const altering = new Set<string>();
/** By the file, which lies in a folder of its signature; what was loaded once stays for the life of the process. */
const loaded = new Map<string, LoadedComponent>();

/** The bundle changes built-in objects: it must be loaded in a process that runs nothing else. */
export class AltersBuiltinsError extends Error {}

/** Whether a public component ships with Tenon. */
export const isBuiltIn = (key: string): boolean => ours.has(key);

/** The component that ships with Tenon and that a pin names, if any. */
export const builtIn = ({ key, isPublic }: ComponentPin): LoadedComponent | undefined =>
  isPublic ? ours.get(key) : undefined;

/**
 * The component of a bundle, else the built-in one that a pin names. `forBuiltins` says what becomes of a bundle
 * that changes built-in objects while it loads: its changes stay (`keep`), the process being its own; it is not
 * loaded (`refuse`, an {@link AltersBuiltinsError}); or that is somebody else's affair (`ignore`). Throws when there
 * is no such component.
 */
export function loadComponent(
  pin: ComponentPin,
  bundlePath: string | undefined,
  forBuiltins: 'keep' | 'refuse' | 'ignore',
): LoadedComponent {
  if (bundlePath !== undefined) return loadOnce(pin, bundlePath, forBuiltins);
  const component = builtIn(pin);
  if (component !== undefined) return component;
  const kind = pin.isPublic ? 'public' : 'private';
  throw new Error(
    `The code of the ${kind} component "${pin.key}" (version ${pin.version}) is not here: it is not built in, and its package was not found.`,
  );
}

function loadOnce(
  pin: ComponentPin,
  path: string,
  forBuiltins: 'keep' | 'refuse' | 'ignore',
): LoadedComponent {
  const known = loaded.get(path);
  if (known !== undefined) {
    takeEnvironmentOf(path);
    return known;
  }
  if (altering.has(path)) throw new AltersBuiltinsError();
  const wereIntact = areAllIntact();
  const component = runAsLoading(() => loadApart(path, () => load(pin, path)));
  takeEnvironmentOf(path);
  // What a call beside this one has changed is not held against the bundle.
  if (forBuiltins !== 'ignore' && wereIntact && !areAllIntact()) {
    if (forBuiltins === 'keep') takeAsIntact();
    else {
      altering.add(path);
      throw new AltersBuiltinsError();
    }
  }
  loaded.set(path, component);
  return component;
}

function load(pin: ComponentPin, path: string): LoadedComponent {
  try {
    return loadBundle(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The code of component "${pin.key}" could not be loaded: ${reason}`, { cause: error });
  }
}
