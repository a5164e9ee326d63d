import { builtinComponents } from '../components/builtin-manifests';
import type { ComponentLookup } from '../definition';

/** Finds built-in components only, each in one version. */
export function builtinLookup(): ComponentLookup {
  const known = new Map(builtinComponents().map((one) => [one.manifest.key, one]));
  return ({ key, isPublic }) => {
    const found = isPublic ? known.get(key) : undefined;
    if (found === undefined) return { missing: 'component', known: isPublic ? [...known.keys()] : [] };
    const { manifest, signature } = found;
    return { manifest, pin: { key, isPublic, version: 1, signature } };
  };
}
