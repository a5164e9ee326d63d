import { randomUUID } from 'node:crypto';
import type { Deps, RequestContext } from '../../src/services/context';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';

/** A customer's deployed instance of a definition. */
export interface DeployedInstance {
  instanceId: string;
  integrationId: string;
  versionId: string;
  customerId: string;
  /** By flow name. */
  webhooks: Record<string, string>;
  flowConfigIds: Record<string, string>;
}

interface Wanted {
  definition: string;
  configVariables?: { key: string; value?: string; values?: string }[];
  stepsPerActivity?: number;
  /** Deploys though nobody has granted access to its OAuth connections. */
  force?: boolean;
}

/** Imports, publishes, creates a customer and an instance, and deploys it. */
export async function aDeployedInstance(
  deps: Deps,
  ctx: RequestContext,
  wanted: Wanted,
): Promise<DeployedInstance> {
  const integration = await importIntegration(deps, ctx, { definition: wanted.definition });
  const version = await publishIntegration(deps, ctx, { id: integration._id });
  const customer = await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` });
  const instance = await createInstance(deps, ctx, {
    name: 'An instance',
    integrationId: version._id,
    customerId: customer._id,
    ...(wanted.configVariables && { configVariables: wanted.configVariables }),
    ...(wanted.stepsPerActivity && { stepsPerActivity: wanted.stepsPerActivity }),
  });
  await deployInstance(deps, ctx, { id: instance._id, force: wanted.force });
  const flows = await listFlowConfigs(deps, ctx, { instanceId: instance._id });
  return {
    instanceId: instance._id,
    integrationId: integration._id,
    versionId: version._id,
    customerId: customer._id,
    webhooks: Object.fromEntries(flows.map((flow) => [flow.flowName, flow.webhookUrl])),
    flowConfigIds: Object.fromEntries(flows.map((flow) => [flow.flowName, flow._id])),
  };
}
