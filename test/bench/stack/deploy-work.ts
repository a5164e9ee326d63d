import { createCustomer } from '../../../src/services/customers/create-customer';
import { createInstance } from '../../../src/services/instances/create-instance';
import { deployInstance } from '../../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../../src/services/instances/list-flow-configs';
import { importIntegration } from '../../../src/services/integrations/import-integration';
import { publishIntegration } from '../../../src/services/integrations/publish-integration';
import { definition } from '../../support/definition-builder';
import type { Destination } from '../load/order';
import type { Work } from '../works/work';
import type { Product } from './product';

/** What of a work is put in place. */
export type Deployable = Pick<Work, 'name' | 'flows' | 'customers'>;

let published = 0;

/** Publishes a work's flows and deploys them for each of its customers; answers every webhook. */
export async function deployWork(
  product: Product,
  work: Deployable,
  serviceUrl: string,
): Promise<Destination[]> {
  const { deps, ctx } = product.services;
  published += 1;
  const text = definition(`${work.name} ${published}`, work.flows(serviceUrl));
  const integration = await importIntegration(deps, ctx, { definition: text });
  const version = await publishIntegration(deps, ctx, { id: integration._id });
  const destinations: Destination[] = [];
  for (let number = 1; number <= work.customers; number += 1) {
    const customer = await createCustomer(deps, ctx, { name: `Customer ${published}.${number}` });
    const instance = await createInstance(deps, ctx, {
      name: work.name,
      integrationId: version._id,
      customerId: customer._id,
    });
    await deployInstance(deps, ctx, { id: instance._id });
    for (const { webhookUrl } of await listFlowConfigs(deps, ctx, { instanceId: instance._id }))
      destinations.push({ kind: 'webhook', url: webhookUrl });
  }
  return destinations;
}
