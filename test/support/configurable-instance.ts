import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { code, definition, stringVar } from './definition-builder';
import type { Services } from './services';

const CONNECTION = {
  key: 'Warehouse',
  dataType: 'connection',
  orgOnly: false,
  connection: { key: 'basic', component: { key: 'http', isPublic: true, version: 'LATEST' } },
  inputs: {},
};
/** One variable of each kind. */
export const CONFIG_VARS = [
  stringVar('Bucket'),
  stringVar('Region', 'eu'),
  { key: 'Batch size', dataType: 'number', defaultValue: '10', orgOnly: false },
  { key: 'Dry run', dataType: 'boolean', defaultValue: 'false', orgOnly: false },
  { key: 'Size', dataType: 'picklist', defaultValue: '', pickList: ['small', 'large'], orgOnly: false },
  { key: 'Mapping', dataType: 'jsonForm', defaultValue: '{"a":1}', orgOnly: false },
  { key: 'Tags', dataType: 'string', collectionType: 'valuelist', defaultValue: '["x"]', orgOnly: false },
  {
    key: 'Nightly',
    dataType: 'schedule',
    defaultValue: '0 2 * * *',
    timeZone: 'Europe/Berlin',
    orgOnly: false,
  },
  CONNECTION,
];
/** The steps of its flow. */
export const body = [
  code('Answer', 'module.exports = async ({ configVars }) => ({ data: configVars.Warehouse?.key });'),
];
/** The password of {@link COMPLETE}. */
export const secret = 'hunter2-plain-secret';
/** Inputs of a connection as the API takes them. */
export const fields = (values: Record<string, string>) =>
  JSON.stringify(Object.entries(values).map(([name, value]) => ({ name, type: 'value', value })));
/** Values for everything that must have one. */
export const COMPLETE = [
  { key: 'Bucket', value: 'old-bucket' },
  { key: 'Size', value: 'small' },
  { key: 'Warehouse', values: fields({ username: 'old-user', password: secret }) },
];

let counter = 0;

/** An instance, never deployed, of a published integration with {@link CONFIG_VARS}; each with a customer of its own. */
export async function aConfigurableInstance(
  { deps, ctx }: Services,
  extra: { configVariables?: { key: string; value?: string; values?: string }[] } = {},
) {
  counter += 1;
  const flows = [{ name: 'Main', steps: body }];
  const text = definition(`Integration ${counter}`, flows, { requiredConfigVars: CONFIG_VARS });
  const integration = await importIntegration(deps, ctx, { definition: text });
  const version = await publishIntegration(deps, ctx, { id: integration._id });
  const customer = await createCustomer(deps, ctx, { name: `Customer ${counter}` });
  const created = await createInstance(deps, ctx, {
    name: 'An instance',
    integrationId: version._id,
    customerId: customer._id,
    ...extra,
  });
  return { id: created._id, integration, version, customer, text };
}
