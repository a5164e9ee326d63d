import { createHash } from 'node:crypto';
import { checkPackage } from '../../components/package/check-package';
import { AppError, isAppError, notFound } from '../../errors';
import { fewAtOnce } from '../../store/few-at-once';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { READY } from './component-status';
import { acceptPackage, refusePackage } from './conclude-package';
import { packageOwnerOf } from './package-store';

/** A check that took longer died with its process; the package may be sent again. */
const CHECK_LIMIT_MS = 5 * 60_000;
/** Packages are held in memory while they are checked. */
const oneOfFew = fewAtOnce(2);

type Pieces = Iterable<Buffer> | AsyncIterable<Buffer>;

/**
 * Stores the package of a published version as it arrives, checks it, and makes the version ready or refused;
 * answers the version as it is then. Throws `invalid_state` when a package arrived before, and what the pieces
 * throw; a sender who broke off may send it again.
 */
export async function receivePackage(
  deps: Pick<Deps, 'store'>,
  versionId: string,
  pieces: Pieces,
): Promise<ComponentVersion> {
  const version = await claim(deps, versionId);
  try {
    const hash = createHash('sha1');
    const { id } = await deps.store.blobs.putPieces(hashed(pieces, hash), packageOwnerOf(versionId));
    const signature = hash.digest('hex');
    const same = await findSame(deps, version, signature);
    if (same)
      return await refusePackage(deps, version, `Version ${same.versionNumber} has the same package.`);
    return await oneOfFew(() => check(deps, version, { id, signature }));
  } catch (error) {
    if (isAppError(error) && error.code === 'payload_too_large')
      return refusePackage(deps, version, `Its package is too large: ${error.message}`);
    await deps.store.componentVersions.updateOne({ _id: versionId }, { $set: { receivedAt: null } });
    throw error;
  }
}

/** Only one package of a version is taken at a time. */
async function claim(deps: Pick<Deps, 'store'>, versionId: string): Promise<ComponentVersion> {
  const { componentVersions } = deps.store;
  const now = Date.now();
  const claimed = await componentVersions
    .findOneAndUpdate(
      {
        _id: versionId,
        status: 'pending',
        $or: [{ receivedAt: null }, { receivedAt: { $lt: new Date(now - CHECK_LIMIT_MS) } }],
      },
      { $set: { receivedAt: new Date(now) } },
      { returnDocument: 'after' },
    )
    .lean<ComponentVersion>();
  if (claimed) return claimed;
  if (!(await componentVersions.exists({ _id: versionId }))) throw notFound('The component');
  throw new AppError('invalid_state', 'A package of this version arrived before: publish the next version.');
}

async function* hashed(pieces: Pieces, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

/** A usable version of the same component with the same package. */
function findSame(
  deps: Pick<Deps, 'store'>,
  { organizationId, key, isPublic }: ComponentVersion,
  signature: string,
): Promise<Pick<ComponentVersion, 'versionNumber'> | null> {
  return deps.store.componentVersions
    .findOne({ organizationId, key, isPublic, signature, ...READY }, { versionNumber: 1 })
    .lean<Pick<ComponentVersion, 'versionNumber'>>();
}

async function check(
  deps: Pick<Deps, 'store'>,
  version: ComponentVersion,
  stored: { id: string; signature: string },
): Promise<ComponentVersion> {
  const zip = await deps.store.blobs.get(stored.id);
  try {
    const manifest = await checkPackage(zip, version);
    return await acceptPackage(deps, version, { ...stored, manifest });
  } catch (error) {
    const { code, isPackageError, message } = error as {
      code?: unknown;
      isPackageError?: true;
      message: string;
    };
    // The same package became another version's at the same moment.
    if (code === 11_000) return refusePackage(deps, version, 'Another version has the same package.');
    if (!isPackageError) throw error;
    return refusePackage(deps, version, message);
  }
}
