import type { ComponentLookup, ComponentReference } from '../../definition';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';

/** How definitions of an organization find components: its own first, then the built-ins. Reads them once. */
export async function componentLookup(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
): Promise<ComponentLookup> {
  const stored = await deps.store.componentVersions
    .find({ organizationId: { $in: [null, organizationId] } })
    .sort({ versionNumber: -1 })
    .lean<ComponentVersion[]>();
  const byName = new Map<string, ComponentVersion[]>();
  for (const version of stored) {
    const name = nameOf(version);
    byName.set(name, [...(byName.get(name) ?? []), version]);
  }
  return (ref) => {
    const versions = byName.get(nameOf(ref)) ?? [];
    const own = versions.filter((version) => version.organizationId !== null);
    const [newest, ...others] = own.length > 0 ? own : versions;
    if (!newest) return { missing: 'component' };
    const found = [newest, ...others].find((version) => isMeant(version, ref));
    return found ? resolved(found) : { missing: 'version', newest: newest.versionNumber };
  };
}

/**
 * A built-in counts as one version, whatever number or signature a definition names: the numbers in files of
 * other origin are not ours. Its pin still fixes the version that was found.
 */
function isMeant(version: ComponentVersion, ref: ComponentReference): boolean {
  if (version.organizationId === null) return version.isLatest;
  if (ref.signature !== undefined) return version.signature === ref.signature;
  const { version: asked = 'LATEST' } = ref;
  return asked === 'LATEST' ? version.isLatest : version.versionNumber === asked;
}

function resolved({ key, isPublic, versionNumber, signature, manifest }: ComponentVersion) {
  return { manifest, pin: { key, isPublic, version: versionNumber, signature } };
}

const nameOf = ({ key, isPublic }: { key: string; isPublic: boolean }) => `${isPublic}:${key}`;
