import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../src/services/context';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createSharedConnection } from '../../src/services/shared-connections/create-shared-connection';
import type { SharedConnection } from '../../src/store/models/shared-connection.model';
import { definition, step, value } from './definition-builder';
import type { Services } from './services';

/** Fields as services take them. */
export const inputsOf = (fields: Record<string, string>): { name: string; value: string }[] =>
  Object.entries(fields).map(([name, text]) => ({ name, value: text }));

type Wanted = Partial<Omit<Parameters<typeof createSharedConnection>[2], 'inputs'>> & {
  fields?: Record<string, string>;
};

/** A shared connection with a stable key of its own: an API key of the built-in HTTP component unless asked otherwise. */
export function aShared(
  { deps, ctx }: Services,
  { fields = {}, ...wanted }: Wanted = {},
  as: RequestContext = ctx,
): Promise<SharedConnection> {
  return createSharedConnection(deps, as, {
    stableKey: `key-${randomUUID()}`,
    name: 'The shop',
    component: { key: 'http', isPublic: true },
    connection: 'apiKey',
    variableScope: 'org',
    ...wanted,
    inputs: inputsOf(fields),
  });
}

/** A definition whose flow calls an address with a shared connection, which it knows as `Shop`. */
export function sharingDefinition(
  stableKey: string,
  url = 'http://127.0.0.1:1/',
  steps: unknown[] = [],
): string {
  const call = step('Ask the shop', 'http.httpGet', {
    url: value(url),
    connection: { type: 'configVar', value: 'Shop' },
  });
  return definition(`Sharing ${randomUUID()}`, [{ name: 'Main', steps: [call, ...steps] }], {
    requiredConfigVars: [{ key: 'Shop', dataType: 'connection', useScopedConfigVar: stableKey }],
  });
}

/** An instance of a definition that is not deployed yet. */
export async function anInstanceOf(
  { deps, ctx }: Services,
  text: string,
  customerId?: string,
): Promise<{ id: string; customerId: string; integrationId: string }> {
  const integration = await importIntegration(deps, ctx, { definition: text });
  await publishIntegration(deps, ctx, { id: integration._id });
  const customer = customerId ?? (await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` }))._id;
  const { _id: id } = await createInstance(deps, ctx, {
    name: `Instance ${randomUUID().slice(0, 8)}`,
    integrationId: integration._id,
    customerId: customer,
  });
  return { id, customerId: customer, integrationId: integration._id };
}
