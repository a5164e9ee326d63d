import { builtinComponents } from '../../components/builtin-manifests';
import type { ComponentPin } from '../../components/manifest';
import type { ReachableComponent } from '../../components/runner/contract';
import type { RunnerPool } from '../../components/runner/pool';
import { readPackage } from '../../services/components/package-store';
import type { RunDeps } from '../run-deps';
import { BundleCache } from './bundle-cache';

type BundleDeps = Pick<RunDeps, 'store' | 'runners'>;

const caches = new WeakMap<RunnerPool, BundleCache>();
let builtinKeys: Set<string> | undefined;

/**
 * The file of a published component's code where runners can read it, unpacked once a worker; `undefined` for
 * built-in components. Throws when the package is not there, or is not what the pin says.
 */
export async function bundlePathOf(deps: BundleDeps, pin: ComponentPin): Promise<string | undefined> {
  if (isBuiltIn(pin)) return undefined;
  return cacheOf(deps).path(pin.signature);
}

/** The components that a code-native flow's code may call, those with packages unpacked. */
export function reachableComponents(
  deps: BundleDeps,
  pins: readonly ComponentPin[],
): Promise<ReachableComponent[]> {
  return Promise.all(
    pins.map(async (pin) => {
      const bundlePath = await bundlePathOf(deps, pin);
      return { pin, ...(bundlePath !== undefined && { bundlePath }) };
    }),
  );
}

function isBuiltIn({ isPublic, key }: ComponentPin): boolean {
  builtinKeys ??= new Set(builtinComponents().map(({ manifest }) => manifest.key));
  return isPublic && builtinKeys.has(key);
}

function cacheOf({ store, runners }: BundleDeps): BundleCache {
  const cache =
    caches.get(runners) ??
    new BundleCache(runners.bundleFolder, (signature) => readPackage({ store }, signature));
  caches.set(runners, cache);
  return cache;
}
