import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { removeVersion } from './remove-version';

type Bundle = Pick<ComponentVersion, '_id' | 'organizationId' | 'key' | 'isPublic'>;

/** An import that is under way refers to its bundle within seconds. */
const YOUNG_MS = 60 * 60_000;
/** Bundles looked at in one go, oldest first. */
const MOST = 20;

/**
 * Removes code-native bundles that nothing refers to any more: every import brings one under a new key and leaves
 * the one before behind. Kept are those of drafts, of published versions, and of executions that have not ended.
 */
export async function removeUnusedBundles(deps: Pick<Deps, 'store'>, organizationId: string): Promise<void> {
  const bundles = await deps.store.componentVersions
    .find(
      { organizationId, isCodeNative: true, createdAt: { $lt: new Date(Date.now() - YOUNG_MS) } },
      { organizationId: 1, key: 1, isPublic: 1 },
    )
    .sort({ createdAt: 1 })
    .lean<Bundle[]>();
  let removed = 0;
  for (const bundle of bundles) {
    if (removed === MOST) return;
    if (await isReferredTo(deps, organizationId, bundle.key)) continue;
    await removeVersion(deps, bundle);
    removed += 1;
  }
}

async function isReferredTo(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  key: string,
): Promise<boolean> {
  const { integrations, integrationVersions, plans, configRevisions, executions } = deps.store;
  const mention = { $regex: key.replaceAll(/[^\w-]/g, '.') };
  if (await integrations.exists({ organizationId, definition: mention })) return true;
  if (await integrationVersions.exists({ organizationId, definition: mention })) return true;
  const planIds = await plans.distinct('_id', { json: mention });
  if (planIds.length === 0) return false;
  const instanceIds = await configRevisions.distinct('instanceId', { planId: { $in: planIds } });
  const open = { instanceId: { $in: instanceIds }, planId: { $in: planIds }, endedAt: null };
  return (await executions.exists(open)) !== null;
}
