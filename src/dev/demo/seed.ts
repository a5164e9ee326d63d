import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ApiClient } from './api-client';

/** What the demonstration made, kept so that a later start finds it. */
export interface Demo {
  customerName: string;
  instanceId: string;
  fulfilmentUrl: string;
}

interface Named {
  id: string;
  name: string;
}

interface Page<T> {
  items: T[];
}

interface Integration {
  id: string;
  integrationId: string;
  versionNumber: number;
}

const CUSTOMERS = [
  { name: 'Harbour Books', externalId: 'harbour-books', description: 'Sells books and posters by the sea.' },
  { name: 'Northwind Bikes', externalId: 'northwind-bikes', description: 'Repairs and sells bicycles.' },
];
const DEPLOYED_DEFINITION = 'order-fulfilment.yml';

/** How the sample instance reaches the fulfilment service. */
export interface FulfilmentAccess {
  url: string;
  key: string;
}

/**
 * Creates the customers, imports and publishes every definition of the folder, and deploys one for the first
 * customer. What is there already, after an interrupted first start, is taken as it is.
 */
export async function seedDemo(api: ApiClient, definitions: string, access: FulfilmentAccess): Promise<Demo> {
  const [customer] = await Promise.all(CUSTOMERS.map((wanted) => findOrCreateCustomer(api, wanted)));
  const integrations = new Map<string, Integration>();
  for (const name of readdirSync(definitions).filter((file) => /\.ya?ml$/.test(file))) {
    integrations.set(basename(name), await importAndPublish(api, join(definitions, name)));
  }
  const integration = integrations.get(DEPLOYED_DEFINITION);
  if (customer === undefined || integration === undefined) {
    throw new Error(`definitions/${DEPLOYED_DEFINITION} is missing.`);
  }
  const instanceId = await findOrCreateInstance(api, customer, integration, access);
  await api.post(`/instances/${instanceId}/deploy`);
  return { customerName: customer.name, instanceId, fulfilmentUrl: access.url };
}

/** Points the sample instance at the fulfilment service's present address. */
export async function moveFulfilment(api: ApiClient, demo: Demo, access: FulfilmentAccess): Promise<Demo> {
  await api.put(`/instances/${demo.instanceId}/config-variables`, {
    configVariables: configVariables(access),
  });
  await api.post(`/instances/${demo.instanceId}/deploy`);
  return { ...demo, fulfilmentUrl: access.url };
}

async function findOrCreateCustomer(api: ApiClient, wanted: (typeof CUSTOMERS)[number]): Promise<Named> {
  const { items } = await api.get<Page<Named>>(`/customers?search=${encodeURIComponent(wanted.name)}`);
  return items.find((item) => item.name === wanted.name) ?? (await api.post<Named>('/customers', wanted));
}

async function importAndPublish(api: ApiClient, file: string): Promise<Integration> {
  const definition = readFileSync(file, 'utf8');
  const integration = await api.post<Integration>('/integrations/import', { definition });
  if (integration.versionNumber === 0) {
    await api.post(`/integrations/${integration.integrationId}/publish`, { comment: 'The first version' });
  }
  return integration;
}

async function findOrCreateInstance(
  api: ApiClient,
  customer: Named,
  integration: Integration,
  access: FulfilmentAccess,
): Promise<string> {
  const query = `customerId=${customer.id}&integrationId=${integration.integrationId}`;
  const { items } = await api.get<Page<Named>>(`/instances?${query}`);
  if (items[0] !== undefined) return items[0].id;
  const created = await api.post<Named>('/instances', {
    // Temporal's Web UI shows it as the title of each run.
    name: `${customer.name} orders`,
    description: 'Reserves stock for each order that comes in.',
    customerId: customer.id,
    integrationId: integration.integrationId,
    configVariables: configVariables(access),
  });
  return created.id;
}

function configVariables(access: FulfilmentAccess) {
  return [
    { key: 'Fulfilment URL', value: access.url },
    { key: 'Approval limit', value: '500' },
    {
      key: 'Fulfilment Connection',
      values: JSON.stringify([{ name: 'token', type: 'value', value: access.key }]),
    },
  ];
}
