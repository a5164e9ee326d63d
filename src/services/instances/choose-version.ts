import { invalidField, notFound } from '../../errors';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps, RequestContext } from '../context';
import { findDraftOrVersion, newestAvailableVersion } from '../integrations/find-integration';

/**
 * The version that an id means for an instance: a version by its own id, or the newest available one of an
 * integration. Throws `invalid_input` on `integration` when there is none that may be used.
 */
export async function chooseVersion(
  deps: Deps,
  ctx: RequestContext,
  id: string,
  customerId: string,
): Promise<IntegrationVersion> {
  const { integration, version } = await findDraftOrVersion(deps, ctx, id);
  // One customer's own integration does not exist for the others.
  if (integration.customerId !== null && integration.customerId !== customerId)
    throw notFound('The integration');
  if (version) {
    if (version.isAvailable) return version;
    const message = `Version ${version.versionNumber} of "${version.name}" is not available; choose another.`;
    throw invalidField('integration', message);
  }
  const newest = await newestAvailableVersion(deps, integration._id);
  if (newest) return newest;
  throw invalidField('integration', `"${integration.name}" has no available version; publish it first.`);
}
