import { notFound } from '../../errors';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import { requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';

/** The integration with that id, if the actor may know of it. Throws `not_found`. */
export async function findIntegration(deps: Deps, ctx: RequestContext, id: string): Promise<Integration> {
  return requireVisible(
    ctx,
    await deps.store.integrations.findById(id).lean<Integration>(),
    'The integration',
  );
}

/** What an id names that may be an integration's or a published version's. Throws `not_found`. */
export async function findDraftOrVersion(
  deps: Deps,
  ctx: RequestContext,
  id: string,
): Promise<{ integration: Integration; version: IntegrationVersion | null }> {
  const version = await deps.store.integrationVersions.findById(id).lean<IntegrationVersion>();
  const integration = await deps.store.integrations
    .findById(version?.integrationId ?? id)
    .lean<Integration>();
  return { integration: requireVisible(ctx, integration, 'The integration'), version };
}

/** The published version with that id. Throws `not_found`. */
export async function findVersion(deps: Deps, ctx: RequestContext, id: string): Promise<IntegrationVersion> {
  const { version } = await findDraftOrVersion(deps, ctx, id);
  if (!version) throw notFound('The version');
  return version;
}

/** The newest published version that may be used, if there is one. */
export async function newestAvailableVersion(
  deps: Deps,
  integrationId: string,
): Promise<IntegrationVersion | null> {
  return deps.store.integrationVersions
    .findOne({ integrationId, isAvailable: true })
    .sort({ versionNumber: -1 })
    .lean<IntegrationVersion>();
}
