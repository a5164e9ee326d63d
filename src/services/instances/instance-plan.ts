import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps } from '../context';
import { compileDefinition } from '../integrations/compile-definition';
import { loadPlan, readPlan } from '../plans/load-plan';
import type { PlanText } from '../plans/plan-text';

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
  return readPlan(await compiledDraftPlan(deps, instance.integrationId));
}

/** The plan of an integration's draft as it stands now, with the components that are newest now. */
export async function compiledDraftPlan(deps: Pick<Deps, 'store'>, integrationId: string): Promise<PlanText> {
  const integration = await deps.store.integrations.findById(integrationId).lean<Integration>();
  if (!integration) throw notFound('The integration of this instance');
  const { organizationId, definition } = integration;
  return (await compileDefinition(deps, organizationId, definition, integration)).plan;
}
