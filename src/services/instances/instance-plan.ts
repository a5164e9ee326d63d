import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps } from '../context';
import { compileDefinition } from '../integrations/compile-definition';
import { loadPlan } from '../plans/load-plan';

/**
 * The plan that an instance's draft configuration is for: that of the chosen version, which may not be deployed
 * yet; a test instance's is compiled from the integration's draft.
 */
export async function draftPlanOf(
  deps: Pick<Deps, 'store'>,
  instance: Pick<Instance, 'integrationId' | 'versionId'>,
): Promise<Plan> {
  if (instance.versionId !== null) {
    const version = await deps.store.integrationVersions
      .findById(instance.versionId)
      .lean<IntegrationVersion>();
    if (!version) throw notFound('The version of this instance');
    return loadPlan(deps, version.planId);
  }
  const integration = await deps.store.integrations.findById(instance.integrationId).lean<Integration>();
  if (!integration) throw notFound('The integration of this instance');
  const { organizationId, definition } = integration;
  return (await compileDefinition(deps, organizationId, definition, integration)).plan;
}
