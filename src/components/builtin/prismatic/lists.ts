import type { Inputs } from '@prismatic-io/spectral';
import { apiAction, textInput } from './api-action';
import { COMPONENT, CUSTOMER, FLOW, INSTANCE, INTEGRATION } from './fields';
import { typedVariables } from './variables';

/** An argument of a list: input key, label, argument of the API, its type there. */
type Argument = readonly [
  key: string,
  label: string,
  argument: string,
  type: 'String' | 'ID' | 'Int' | 'Boolean',
];

const PAGING: readonly Argument[] = [
  ['first', 'First', 'first', 'Int'],
  ['after', 'After', 'after', 'String'],
  ['last', 'Last', 'last', 'Int'],
  ['before', 'Before', 'before', 'String'],
  ['offset', 'Offset', 'offset', 'Int'],
];

const TEXTS: readonly Argument[] = [
  ['name', 'Name', 'name', 'String'],
  ['nameContains', 'Name Contains', 'name_Icontains', 'String'],
  ['description', 'Description', 'description', 'String'],
  ['descriptionContains', 'Description Contains', 'description_Icontains', 'String'],
  ['labelContains', 'Label Contains', 'labels_Icontains', 'String'],
];

/** A page of a list; arguments that are empty are not sent, and a server without such an argument says so. */
function listing(
  label: string,
  description: string,
  field: string,
  fields: string,
  args: readonly Argument[],
) {
  const inputs: Inputs = Object.fromEntries(
    args.map(([key, name]) => [key, textInput(name, 'Not sent when empty.')] as const),
  );
  return apiAction(label, description, inputs, (values) => {
    const given = args.filter(([key]) => (values[key] ?? '') !== '');
    const declared = given.map(([key, , , type]) => `$${key}: ${type}`).join(', ');
    const passed = given.map(([key, , argument]) => `${argument}: $${key}`).join(', ');
    const query = `query ${field}${declared && `(${declared})`} { ${field}${passed && `(${passed})`} {
      nodes { ${fields} } pageInfo { hasNextPage endCursor }
    } }`;
    const variables = Object.fromEntries(given.map(([key]) => [key, values[key]] as const));
    return { query, variables: typedVariables(query, variables) };
  });
}

export const listComponents = listing(
  'List Components',
  'Gives the components that can be used.',
  'components',
  COMPONENT,
  [
    ['first', 'First', 'first', 'Int'],
    ['after', 'After', 'after', 'String'],
  ],
);

export const listCustomers = listing('List Customers', 'Gives the customers.', 'customers', CUSTOMER, [
  ...PAGING,
  ...TEXTS,
  ['nameStartsWith', 'Name Starts With', 'name_Istartswith', 'String'],
  ['externalId', 'External Id', 'externalId', 'String'],
]);

export const listInstances = listing('List Instances', 'Gives the instances.', 'instances', INSTANCE, [
  ...PAGING,
  ...TEXTS,
  ['customer', 'Customer', 'customer', 'ID'],
  ['customerExternalId', 'Customer External Id', 'customer_ExternalId', 'String'],
  ['integration', 'Integration', 'integration', 'ID'],
  ['compatibility', 'Compatibility', 'compatibility', 'Int'],
  ['enabled', 'Enabled', 'enabled', 'Boolean'],
  ['needsDeploy', 'Needs Deploy', 'needsDeploy', 'Boolean'],
]);

export const listIntegrations = listing(
  'List Integrations',
  'Gives the integrations.',
  'integrations',
  INTEGRATION,
  [
    ...PAGING,
    ...TEXTS,
    ['allVersions', 'All Versions', 'allVersions', 'Boolean'],
    ['category', 'Category', 'category', 'String'],
    ['categoryContains', 'Category Contains', 'category_Icontains', 'String'],
    ['hasInstances', 'Has Instances', 'hasInstances', 'Boolean'],
    ['hasUnpublishedChanges', 'Has Unpublished Changes', 'hasUnpublishedChanges', 'Boolean'],
    ['marketplace', 'Marketplace', 'marketplace', 'Boolean'],
    ['marketplaceConfig', 'Marketplace Config', 'marketplaceConfiguration_Iexact', 'String'],
    ['versionIsAvailable', 'Version Is Available', 'versionIsAvailable', 'Boolean'],
    ['versionNumber', 'Version Number', 'versionNumber', 'Int'],
    ['versionSequenceId', 'Version Sequence Id', 'versionSequenceId', 'String'],
  ],
);

export const listFlows = apiAction(
  'List Flows',
  'Gives the flows of an integration.',
  { integrationId: textInput('Integration Id', 'Id of the integration.', true) },
  ({ integrationId }) => ({
    query: `query flows($integrationId: ID!) { integration(id: $integrationId) {
      id flows { nodes { ${FLOW} } pageInfo { hasNextPage endCursor } }
    } }`,
    variables: { integrationId },
  }),
);
