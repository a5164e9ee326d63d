import { randomUUID } from 'node:crypto';
import { builtinComponents } from '../../components/builtin-manifests';
import type { ComponentManifest } from '../../components/manifest';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { inTransaction } from '../transaction';

/** Stores the components that ship with Tenon; one whose signature changed gets a new version. */
export async function syncBuiltinComponents(deps: Pick<Deps, 'store'>): Promise<void> {
  // Stored by a former release, which knew built-ins only.
  await deps.store.componentVersions.updateMany(
    { status: { $exists: false } },
    { $set: { status: 'ready' } },
  );
  for (const { manifest, signature } of builtinComponents()) {
    try {
      await syncOne(deps, manifest, signature);
    } catch (error) {
      // Another process stored this version at the same moment.
      if ((error as { code?: unknown }).code !== 11000) throw error;
      await syncOne(deps, manifest, signature);
    }
  }
}

async function syncOne(
  deps: Pick<Deps, 'store'>,
  manifest: ComponentManifest,
  signature: string,
): Promise<void> {
  const { componentVersions } = deps.store;
  const name = { organizationId: null, isPublic: manifest.isPublic, key: manifest.key };
  const findLatest = () => componentVersions.findOne({ ...name, isLatest: true });
  if ((await findLatest().lean<ComponentVersion>())?.signature === signature) return;
  await inTransaction(deps, async (session) => {
    const latest = await findLatest().session(session).lean<ComponentVersion>();
    if (latest?.signature === signature) return;
    await componentVersions.updateMany(
      { ...name, isLatest: true },
      { $set: { isLatest: false } },
      { session },
    );
    const version: ComponentVersion = {
      _id: randomUUID(),
      ...name,
      customerId: null,
      versionNumber: (latest?.versionNumber ?? 0) + 1,
      isLatest: true,
      status: 'ready',
      statusReason: '',
      signature,
      manifest,
      isCodeNative: false,
      comment: '',
      attributes: null,
      definitionBlobId: null,
      packageBlobId: null,
      sourceBlobId: null,
      receivedAt: null,
      createdAt: new Date(),
      createdBy: null,
    };
    await componentVersions.create([version], { session });
  });
}
