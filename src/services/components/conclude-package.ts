import type { ComponentManifest } from '../../components/manifest';
import { notFound } from '../../errors';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { holdParent, inTransaction } from '../transaction';
import { componentNameId } from './count-version';
import { markLatest } from './mark-latest';
import { packageOwnerOf } from './package-store';

const LONGEST_REASON = 2000;

/** Makes a version usable: its package is stored under `id` and says `manifest` of itself. */
export async function acceptPackage(
  deps: Pick<Deps, 'store'>,
  version: ComponentVersion,
  stored: { id: string; signature: string; manifest: ComponentManifest },
): Promise<ComponentVersion> {
  // The name and the words are those of the publish; all else is what the code itself says.
  const { key, display } = version.manifest;
  return conclude(deps, version, {
    status: 'ready',
    signature: stored.signature,
    packageBlobId: stored.id,
    manifest: { ...stored.manifest, key, display },
  });
}

/** Makes a version one that can never be used, and says why. */
export async function refusePackage(
  deps: Pick<Deps, 'store'>,
  version: ComponentVersion,
  reason: string,
): Promise<ComponentVersion> {
  const change = { status: 'refused', statusReason: reason.slice(0, LONGEST_REASON) } as const;
  const refused = await conclude(deps, version, change);
  await deps.store.blobs.deleteOfInstance(packageOwnerOf(version._id).instanceId);
  return refused;
}

async function conclude(
  deps: Pick<Deps, 'store'>,
  { _id, organizationId, key, isPublic }: ComponentVersion,
  change: Partial<ComponentVersion>,
): Promise<ComponentVersion> {
  const { componentVersions, componentNames } = deps.store;
  return inTransaction(deps, async (session) => {
    // Two versions that become ready at once must not both be the latest.
    if (organizationId !== null)
      await holdParent(componentNames, componentNameId({ organizationId, key, isPublic }), session);
    const concluded = await componentVersions
      .findOneAndUpdate({ _id, status: 'pending' }, { $set: change }, { session })
      .lean<ComponentVersion>();
    if (!concluded) throw notFound('The published version');
    await markLatest(deps, { organizationId, key, isPublic }, session);
    const stored = await componentVersions.findById(_id).session(session).lean<ComponentVersion>();
    if (!stored) throw notFound('The published version');
    return stored;
  });
}
