import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { removeVersion } from './remove-version';

type Bundle = Pick<ComponentVersion, '_id' | 'organizationId' | 'key' | 'isPublic'>;

/** An import that is under way refers to its bundle within seconds. */
const YOUNG_MS = 60 * 60_000;
/** Bundles looked at in one go: those that were not looked at for longest. */
const MOST = 20;

/**
 * Removes code-native bundles that nothing refers to any more: every import brings one under a new key and leaves
 * the one before behind. Looks at few of them each time, so that an import takes no longer the more there are.
 * Kept are those of drafts, of published versions, and of executions that have not ended.
 */
export async function removeUnusedBundles(deps: Pick<Deps, 'store'>, organizationId: string): Promise<void> {
  const bundles = await deps.store.componentVersions
    .find(
      { organizationId, isCodeNative: true, createdAt: { $lt: new Date(Date.now() - YOUNG_MS) } },
      { organizationId: 1, key: 1, isPublic: 1 },
    )
    .sort({ lookedAt: 1, createdAt: 1 })
    .limit(MOST)
    .lean<Bundle[]>();
  // Noted first: imports that come at the same time look at others.
  const ids = bundles.map(({ _id }) => _id);
  await deps.store.componentVersions.updateMany({ _id: { $in: ids } }, { $set: { lookedAt: new Date() } });
  for (const bundle of bundles) {
    if (!(await isReferredTo(deps, organizationId, bundle.key))) await removeVersion(deps, bundle);
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
