import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import type { Role } from '../../src/store/models/user.model';
import { code, definition, step, stringVar, value } from './definition-builder';
import { restCaller } from './http';
import { publishPackage } from './published-packages';
import { aUser } from './services';
import { type System, startSystem } from './system';
import { until } from './until';

const large = 'module.exports = async () => ({ data: "x".repeat(200000) });';
const medium = 'module.exports = async () => ({ data: "y".repeat(40000) });';

/** Code that gives bytes. */
export const bytes = 'module.exports = async () => ({ data: Buffer.from([1, 2, 255]) });';

/** An integration with a flow that gives outputs of several sizes, and one that waits. */
export const DEFINITION = definition(
  'Operations',
  [
    { name: 'Run', steps: [code('Large', large), code('Medium', medium), code('Bytes', bytes)] },
    { name: 'Wait', steps: [step('Sleep', 'sleep.sleep', { ms: value('600000') })] },
  ],
  {
    requiredConfigVars: [
      {
        ...stringVar('Region', 'north'),
        dataSource: { key: 'runCodeString', component: { key: 'code', isPublic: true, version: 'LATEST' } },
        inputs: { code: value('module.exports = async () => ({ result: "east" })') },
      },
      stringVar('Nick'),
    ],
    configPages: [
      { name: 'Setup', elements: [{ type: 'configVar', value: 'Region' }] },
      { name: 'You', userLevelConfigured: true, elements: [{ type: 'configVar', value: 'Nick' }] },
    ],
  },
);

/** A shared connection, as REST takes it. */
export const SHARED = {
  stableKey: 'shop',
  name: 'Shop',
  component: { key: 'http', isPublic: true },
  connection: 'apiKey',
  managedBy: 'customer',
  variableScope: 'customer',
};

/** A preset, as REST takes it. */
export const PRESET = { name: 'Acme', component: { key: 'http', isPublic: true }, connection: 'apiKey' };

/** What tests read of a list. */
export interface Listed {
  items: { id: string; name: string; key: string; output: unknown; outputBytes: number; outputUrl: string }[];
  endCursor: string;
  hasNextPage: boolean;
}

/** What tests read of an object. */
export interface Named {
  id: string;
}

/** What tests read of a refusal. */
export interface Fault {
  code: string;
  detail: string;
  errors: { field: string }[];
}

type Rest = ReturnType<typeof restCaller>;

/** The ids of what stands in a {@link RestSubject}. */
export type RestIds = Record<
  | 'customer'
  | 'otherCustomer'
  | 'integration'
  | 'instance'
  | 'flow'
  | 'execution'
  | 'user'
  | 'shared'
  | 'values'
  | 'preset'
  | 'onPremise'
  | 'profile'
  | 'component',
  string
>;

/** Two customers, an instance of the first one with a finished test execution, and one of everything else. */
export interface RestSubject {
  system: System;
  /** As the owner. */
  rest: Rest;
  ids: RestIds;
  /** A caller with a role, for a customer if one is named. */
  as(role: Role, customerId?: string): Promise<Rest>;
}

export async function startRestSubject(): Promise<RestSubject> {
  const system = await startSystem();
  const rest = restCaller(system.apiUrl, system.accessToken);
  const customer = await rest<Named>('POST', '/customers', { name: 'First' });
  const other = await rest<Named>('POST', '/customers', { name: 'Second' });
  await publishPackage(system, { key: 'published' });
  const published = await rest<Listed>('GET', '/components?key=published');
  const integration = await rest<Named>('POST', '/integrations/import', { definition: DEFINITION });
  await rest('POST', `/integrations/${integration.body.id}/publish`);
  const instance = await rest<Named>('POST', '/instances', {
    name: 'Subject',
    customerId: customer.body.id,
    integrationId: integration.body.id,
  });
  await rest('POST', `/instances/${instance.body.id}/deploy`);
  const flows = await rest<Listed>('GET', `/instances/${instance.body.id}/flows`);
  const flow = flows.body.items.find(({ name }) => name === 'Run')!.id;
  const execution = await rest<Named>('POST', `/flow-configs/${flow}/test`, {});
  const user = await rest<Named>('POST', `/instances/${instance.body.id}/user-configs`, {
    externalId: 'u-1',
  });
  const shared = await rest<Named>('POST', '/shared-connections', SHARED);
  const values = await rest<Named>('POST', '/customer-connections', {
    sharedConnectionId: shared.body.id,
    customerId: customer.body.id,
    inputs: [{ name: 'apiKey', value: 'k' }],
  });
  const preset = await rest<Named>('POST', '/connection-templates', PRESET);
  const profile = await rest<Named>('POST', '/instance-profiles', { name: 'Large' });
  const onPremise = await rest<{ resource: Named }>('POST', '/on-premise-resources', {
    customerId: customer.body.id,
  });
  const ids = {
    otherCustomer: other.body.id,
    component: published.body.items[0]!.id,
    onPremise: onPremise.body.resource.id,
    profile: profile.body.id,
    preset: preset.body.id,
    customer: customer.body.id,
    integration: integration.body.id,
    instance: instance.body.id,
    flow,
    execution: execution.body.id,
    user: user.body.id,
    shared: shared.body.id,
    values: values.body.id,
  };
  await until('the end of the execution', async () => {
    const found = await rest<{ phase: string }>('GET', `/executions/${ids.execution}`);
    return found.body.phase === 'ended';
  });
  const as = async (role: Role, customerId?: string) => {
    const wanted = { role, ...(customerId !== undefined && { customerId }) };
    const actor = await aUser(system.deps, system.owner.organizationId, wanted);
    return restCaller(system.apiUrl, await issueAccessToken(system.deps, actor));
  };
  return { system, rest, ids, as };
}

type Operation = [method: string, path: string, body?: unknown];

/** Operations on an object, with an address that finds one and a body that would be taken. */
export const onObjects = (ids: RestIds): Operation[] => [
  ['GET', `/customers/${ids.customer}`],
  ['PATCH', `/customers/${ids.customer}`, { description: 'x' }],
  ['DELETE', `/customers/${ids.customer}`],
  ['GET', `/instances/${ids.instance}`],
  ['PATCH', `/instances/${ids.instance}`, { labels: ['x'] }],
  ['POST', `/instances/${ids.instance}/deploy`],
  ['POST', `/instances/${ids.instance}/enable`],
  ['POST', `/instances/${ids.instance}/disable`],
  ['GET', `/instances/${ids.instance}/config-variables`],
  ['PUT', `/instances/${ids.instance}/config-variables`, { configVariables: [] }],
  ['POST', `/instances/${ids.instance}/config-variables/Region/content`],
  ['GET', `/instances/${ids.instance}/flows`],
  ['GET', `/instances/${ids.instance}/user-configs`],
  ['POST', `/instances/${ids.instance}/user-configs`, { externalId: 'u-2' }],
  ['GET', `/user-configs/${ids.user}`],
  ['PATCH', `/user-configs/${ids.user}`, { name: 'x' }],
  ['DELETE', `/user-configs/${ids.user}`],
  ['GET', `/customer-connections/${ids.values}`],
  ['PATCH', `/customer-connections/${ids.values}`, { inputs: [] }],
  ['DELETE', `/customer-connections/${ids.values}`],
  ['GET', `/on-premise-resources/${ids.onPremise}`],
  ['POST', `/on-premise-resources/${ids.onPremise}/rotate-token`],
  ['DELETE', `/on-premise-resources/${ids.onPremise}`],
  ['DELETE', `/instances/${ids.instance}`],
  ['POST', `/flow-configs/${ids.flow}/test`, {}],
  ['GET', `/executions/${ids.execution}`],
  ['GET', `/executions/${ids.execution}/steps`],
  ['GET', `/executions/${ids.execution}/step-output?path=0`],
  ['GET', `/executions/${ids.execution}/logs`],
  ['POST', `/executions/${ids.execution}/hold`],
  ['POST', `/executions/${ids.execution}/resume`],
  ['POST', `/executions/${ids.execution}/cancel`],
];

/** The same of what no customer owns. */
export const onIntegrations = (ids: RestIds): Operation[] => [
  ['GET', `/integrations/${ids.integration}`],
  ['GET', `/integrations/${ids.integration}/export`],
  ['GET', `/integrations/${ids.integration}/versions`],
  ['GET', `/integrations/${ids.integration}/flows`],
  ['POST', `/integrations/${ids.integration}/publish`, {}],
  ['DELETE', `/integrations/${ids.integration}`],
  ['GET', `/components/${ids.component}`],
  ['DELETE', `/components/${ids.component}`],
  ['GET', `/connection-templates/${ids.preset}`],
  ['PATCH', `/connection-templates/${ids.preset}`, { name: 'x' }],
  ['DELETE', `/connection-templates/${ids.preset}`],
  ['GET', `/instance-profiles/${ids.profile}`],
  ['PATCH', `/instance-profiles/${ids.profile}`, { description: 'x' }],
  ['DELETE', `/instance-profiles/${ids.profile}`],
  ['GET', `/shared-connections/${ids.shared}`],
  ['PATCH', `/shared-connections/${ids.shared}`, { name: 'x' }],
  ['DELETE', `/shared-connections/${ids.shared}`],
];
