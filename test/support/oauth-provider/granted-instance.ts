import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../../src/services/customers/create-customer';
import { createInstance } from '../../../src/services/instances/create-instance';
import { deployInstance } from '../../../src/services/instances/deploy-instance';
import { listConfigVariables } from '../../../src/services/instances/list-config-variables';
import { importIntegration } from '../../../src/services/integrations/import-integration';
import { publishIntegration } from '../../../src/services/integrations/publish-integration';
import { definition, step, value } from '../definition-builder';
import type { System } from '../system';
import { Browser, grantAccess } from './browser';
import { crmConnection, valuesOf } from './crm';
import type { OauthProvider } from './start';

interface Wanted {
  type: 'code' | 'pkce' | 'machine';
  client: 'post' | 'basic' | 'public' | 'machine';
  fields?: Record<string, string>;
  /** What the step calls with the connection, and other steps behind it. */
  url?: string;
  steps?: unknown[];
}

/** A deployed instance whose flow calls an address with the connection `CRM`; access is granted where it has to be. */
export async function aGrantedInstance(
  { deps, ctx }: System,
  provider: OauthProvider,
  { type, client, fields = {}, url = 'http://127.0.0.1:1/', steps = [] }: Wanted,
): Promise<{ id: string; revision: string }> {
  const call = step('Ask the CRM', 'http.httpGet', {
    url: value(url),
    connection: { type: 'configVar', value: 'CRM' },
  });
  const text = definition(`CRM ${randomUUID()}`, [{ name: 'Main', steps: [call, ...steps] }], {
    requiredConfigVars: [crmConnection('CRM', type)],
  });
  const integration = await importIntegration(deps, ctx, { definition: text });
  await publishIntegration(deps, ctx, { id: integration._id });
  const customer = await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` });
  const { _id: id } = await createInstance(deps, ctx, {
    name: 'An instance',
    integrationId: integration._id,
    customerId: customer._id,
    configVariables: [{ key: 'CRM', values: valuesOf({ ...provider.fieldsOf(client), ...fields }) }],
  });
  if (type !== 'machine') {
    const [view] = await listConfigVariables(deps, ctx, { instanceId: id });
    const end = await grantAccess(new Browser(), view?.authorizeUrl ?? '');
    expect(end.status).toBe(200);
  }
  const { deployment } = await deployInstance(deps, ctx, { id });
  return { id, revision: deployment?.configRevisionId ?? '' };
}
