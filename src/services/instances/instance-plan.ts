import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { ConfigRevision } from '../../store/models/config-revision.model';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import { placeTemplates } from '../connection-templates/place-templates';
import { readTemplates } from '../connection-templates/read-templates';
import type { Deps } from '../context';
import { compileDefinition } from '../integrations/compile-definition';
import { loadPlan, readPlan } from '../plans/load-plan';
import type { PlanText } from '../plans/plan-text';

/**
 * The plan that an instance's draft configuration is for: that of the chosen version, which may not be deployed
 * yet; a test instance's is compiled from the integration's draft. Presets of connections are placed in it as they
 * stand now.
 */
export async function draftPlanOf(
  deps: Pick<Deps, 'store' | 'sealer'>,
  instance: Pick<Instance, 'organizationId' | 'integrationId' | 'versionId'>,
): Promise<Plan> {
  if (instance.versionId !== null) {
    const version = await deps.store.integrationVersions
      .findById(instance.versionId)
      .lean<IntegrationVersion>();
    if (!version) throw notFound('The version of this instance');
    return planOfVersion(deps, version);
  }
  const plan = readPlan(await compiledDraftPlan(deps, instance.integrationId));
  return withTemplates(deps, instance.organizationId, plan);
}

/** The plan of a published version, with the presets of connections as they stand now. */
export async function planOfVersion(
  deps: Pick<Deps, 'store' | 'sealer'>,
  { organizationId, planId }: Pick<IntegrationVersion, 'organizationId' | 'planId'>,
): Promise<Plan> {
  return withTemplates(deps, organizationId, await loadPlan(deps, planId));
}

/** The plan of a revision, with the presets of connections as they were when it was made. */
export async function planOfRevision(
  deps: Pick<Deps, 'store' | 'sealer'>,
  { planId, templates }: Pick<ConfigRevision, 'planId' | 'templates'>,
): Promise<Plan> {
  return placeTemplates(deps.sealer, await loadPlan(deps, planId), templates);
}

async function withTemplates(
  deps: Pick<Deps, 'store' | 'sealer'>,
  organizationId: string,
  plan: Plan,
): Promise<Plan> {
  return placeTemplates(deps.sealer, plan, await readTemplates(deps, organizationId, plan));
}

/** The plan of an integration's draft as it stands now, with the components that are newest now. */
export async function compiledDraftPlan(deps: Pick<Deps, 'store'>, integrationId: string): Promise<PlanText> {
  const integration = await deps.store.integrations.findById(integrationId).lean<Integration>();
  if (!integration) throw notFound('The integration of this instance');
  const { organizationId, definition } = integration;
  return (await compileDefinition(deps, organizationId, definition, integration)).plan;
}
