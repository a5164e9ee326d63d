import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import type { Execution } from '../../src/store/models/execution.model';
import type { UserConfig } from '../../src/store/models/user-config.model';
import { code, definition, reference, step, stringVar, value } from './definition-builder';
import { valuesOf } from './oauth-provider/crm';
import type { System } from './system';
import { until } from './until';

/** A field of a delivery's body, for an endpoint. */
export const field = (name: string) => reference(`payload.results.body.data.${name}`);

/** A page of the definition that asks for those variables. */
export const page = (name: string, keys: string[], rest: object = {}) => ({
  name,
  elements: keys.map((key) => ({ type: 'configVar', value: key })),
  ...rest,
});

/** A variable that is a connection with an API key. */
export const apiKey = (key: string) => ({
  key,
  dataType: 'connection',
  connection: { key: 'apiKey', component: { key: 'http', isPublic: true, version: 'LATEST' } },
});
const SAY = code(
  'Say',
  `module.exports = async ({ configVars, user }, { trigger }) => ({ data: {
    nick: configVars.Nick, region: configVars.Region, length: configVars.Door && configVars.Door.fields.apiKey.length,
    user, ofPayload: trigger.results.user } });`,
);
const NOTE = code(
  'Note',
  'module.exports = async ({ configVars, user }) => ({ data: [user.externalId, configVars.Nick] });',
);
const TELL = code(
  'Tell',
  'module.exports = async ({ configVars }) => ({ data: configVars.Door.fields.apiKey });',
);
const FAIL = code(
  'Fail',
  'module.exports = async ({ configVars, user }) => { throw new Error(`${user.externalId} ${configVars.Nick}`); };',
);
const CALL = step('Call', 'cross-flow.invokeFlow', { flowName: value('Say'), data: value('{}') });
const managed = (key: string) => ({ ...step('Moment', `management-triggers.${key}`), isTrigger: true });

/** A customer's instance of an integration whose customers share an address. */
export async function anInstanceOfUsers({ deps, ctx }: System, name: string) {
  const { _id: integrationId } = await importIntegration(deps, ctx, {
    definition: definition(
      `${name} ${randomUUID()}`,
      [
        { name: 'Say', steps: [SAY], isSynchronous: true },
        { name: 'Call', steps: [CALL], isSynchronous: true },
        { name: 'Tell', steps: [TELL] },
        {
          name: 'Fail',
          steps: [FAIL],
          retryConfig: { maxAttempts: 1, delayMinutes: 1, usesExponentialBackoff: false },
        } as never,
        { name: 'Welcome', trigger: managed('userLevelConfigDeploy'), steps: [NOTE] },
        { name: 'Farewell', trigger: managed('userLevelConfigRemove'), steps: [NOTE] },
      ],
      {
        endpointType: 'shared_instance',
        flowNameField: field('flow'),
        externalCustomerIdField: field('customer'),
        externalCustomerUserIdField: field('user'),
        requiredConfigVars: [stringVar('Region', 'north'), stringVar('Nick'), apiKey('Door')],
        configPages: [page('All', ['Region']), page('You', ['Nick', 'Door'], { userLevelConfigured: true })],
      },
    ),
  });
  await publishIntegration(deps, ctx, { id: integrationId });
  const externalId = `c-${randomUUID()}`;
  const customer = await createCustomer(deps, ctx, { name: externalId, externalId });
  const { _id: instanceId } = await createInstance(deps, ctx, {
    name: 'Of users',
    integrationId,
    customerId: customer._id,
  });
  return { integrationId, instanceId, customer: externalId };
}

/** Values that a user of it needs. */
export const userVariables = (nick: string, key: string) => [
  { key: 'Nick', value: nick },
  { key: 'Door', values: valuesOf({ apiKey: key }) },
];

/** A user of an instance with all values. */
export function aUserConfigOf(
  { deps, ctx }: System,
  instanceId: string,
  { externalId, nick, key }: { externalId: string; nick: string; key: string },
): Promise<UserConfig> {
  return createUserConfig(deps, ctx, {
    instanceId,
    externalId,
    name: `Name of ${externalId}`,
    email: `${externalId}@example.com`,
    configVariables: userVariables(nick, key),
  });
}

/** Sends a delivery to an address that flows share; `id` is its execution's, if it got one. */
export async function postShared({ apiUrl }: System, id: string, body: unknown) {
  const response = await fetch(`${apiUrl}/trigger/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const executionId = Buffer.from(response.headers.get('prismatic-executionid') ?? '', 'base64')
    .toString()
    .split(':')[1]!;
  return {
    status: response.status,
    id: executionId,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** An execution once it has ended. */
export const endOf = ({ deps }: System, id: string): Promise<Execution> =>
  until('the end', async () => {
    const found = await deps.store.executions.findById(id).lean<Execution>();
    return found?.phase === 'ended' ? found : undefined;
  });

/** The executions of a flow, oldest first. */
export const runsOfFlow = ({ deps }: System, instanceId: string, flowName: string): Promise<Execution[]> =>
  deps.store.executions.find({ instanceId, flowName }).sort({ _id: 1 }).lean<Execution[]>();
