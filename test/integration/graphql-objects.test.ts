import { randomUUID } from 'node:crypto';
import {
  buildClientSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { acceptDelivery } from '../../src/services/executions/accept/accept-delivery';
import { createInstanceProfile } from '../../src/services/instance-profiles/create-instance-profile';
import { createAgentToken } from '../../src/services/on-premise/create-agent-token';
import { createCustomerConnection } from '../../src/services/shared-connections/create-customer-connection';
import { aTemplate } from '../support/connection-template';
import { code, definition, step, stringVar, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type GraphqlClient, graphqlClient } from '../support/graphql-client';
import { aUser } from '../support/services';
import { aShared } from '../support/shared-connection';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;
let ask: GraphqlClient;
let subject: DeployedInstance;
let executionId: string;

const DEFINITION = definition(
  'Subject',
  [
    {
      name: 'Main',
      isSynchronous: true,
      steps: [
        step('Say', 'log.writeLog', { level: value('info'), message: value('said') }),
        code(
          'Echo',
          'module.exports = async (_, { trigger }) => ({ data: { got: trigger.results.body.data } });',
        ),
      ],
    },
  ],
  { requiredConfigVars: [stringVar('Word', 'w')] },
);

beforeAll(async () => {
  system = await startSystem();
  ask = graphqlClient(system, system.accessToken);
  subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  executionId = await run('{"n":1}');
});

afterAll(() => system?.stop());

/** Ids of a shared connection, of the customer's values of it, of a preset and the like. */
async function sharedIds(): Promise<Record<string, string>> {
  const { deps, ctx } = system;
  const shared = await aShared(system, { variableScope: 'customer' });
  const wanted = { sharedConnectionId: shared._id, customerId: subject.customerId };
  const values = await createCustomerConnection(deps, ctx, wanted);
  const preset = await aTemplate(system, { fields: { apiKey: 'k' } });
  const profile = await createInstanceProfile(deps, ctx, { name: 'Profile' });
  const { resource } = await createAgentToken(deps, ctx, { name: 'The cellar' });
  return {
    scopedConfigVariable: shared._id,
    instanceProfile: profile._id,
    onPremiseResource: resource._id,
    customerConfigVariable: values._id,
    connectionTemplate: preset._id,
  };
}

/** Calls the webhook as somebody outside does, and waits for the end. */
async function run(body: string): Promise<string> {
  const accepted = await acceptDelivery(system.deps, {
    flowConfigId: subject.flowConfigIds['Main'],
    method: 'POST',
    pathFragment: '',
    query: '',
    url: subject.webhooks['Main'],
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Twice', 'one'],
      ['X-Twice', 'two'],
    ],
    contentType: 'application/json',
    body: Buffer.from(body),
  });
  await accepted.answer();
  await until('the end of the execution', async () => {
    const found = await system.deps.store.executions.findById(accepted.executionId).lean();
    return found?.phase === 'ended';
  });
  return accepted.executionId;
}

const UPLOAD = '(objectId: "x", fileName: "x.png", mediaType: AVATAR)';

describe('what can be asked', () => {
  test('every field that the schema declares is served', async () => {
    const { body } = await ask(getIntrospectionQuery());
    const schema = buildClientSchema(body.data as unknown as IntrospectionQuery);
    const ids: Record<string, string> = {
      customer: subject.customerId,
      integration: subject.integrationId,
      instance: subject.instanceId,
      executionResult: executionId,
      ...(await sharedIds()),
      component: String(
        (await ask('{ components { nodes { id } } }')).body.data?.['components']?.['nodes']?.[0]?.['id'],
      ),
    };
    const asked = new Set<string>();
    for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
      const paged = field.args.some(({ name }) => name === 'first') ? '(first: 1)' : '';
      const named = field.name === 'uploadMedia' ? UPLOAD : `(id: "${ids[field.name]}")`;
      const args = field.args.some(isRequiredArgument) ? named : paged;
      const query = `{ ${field.name}${args} ${everyField(getNamedType(field.type), [], asked)} }`;
      const { body: answer } = await ask(query);
      expect({ field: field.name, errors: answer.errors }).toEqual({ field: field.name, errors: undefined });
    }
    const declared = Object.values(schema.getTypeMap())
      .filter(
        (type) =>
          isObjectType(type) &&
          !/^(__|Root|ErrorType|Validate)|Payload$|(Config|Component|Flow|Content|Jwt)Result$|IconUploadUrl$/.test(
            type.name,
          ),
      )
      .flatMap((type) =>
        Object.keys((type as GraphQLObjectType).getFields()).map((name) => `${type.name}.${name}`),
      );
    expect(declared.filter((name) => !asked.has(name))).toEqual([]);
  });

  test('an execution tells what ran, how it ended and what it left', async () => {
    const query = `query ($id: ID!) {
      executionResult(id: $id) {
        status resultType error invokeType isTestExecution startedAt endedAt
        flow { name } flowConfig { webhookUrl } instance { name } integration { name versionNumber }
        stepResults { totalCount nodes { stepName displayStepName hasError } }
        logs { nodes { message severity sectionId } }
      }
    }`;
    const { body } = await ask(query, { id: executionId });
    expect(body.data?.['executionResult']).toMatchObject({
      status: 'SUCCESS',
      resultType: 'COMPLETED',
      error: null,
      invokeType: 'WEBHOOK',
      isTestExecution: false,
      endedAt: expect.stringMatching(/^\d{4}-/),
      flow: { name: 'Main' },
      flowConfig: { webhookUrl: subject.webhooks['Main'] },
      instance: { name: 'An instance' },
      integration: { name: 'Subject', versionNumber: 1 },
      stepResults: {
        totalCount: 3,
        nodes: expect.arrayContaining([{ stepName: 'echo', displayStepName: 'Echo', hasError: false }]),
      },
      logs: { nodes: expect.arrayContaining([{ message: 'said', severity: 'INFO', sectionId: null }]) },
    });
  });

  test('logs and step results are read on from a cursor, in both orders', async () => {
    const query = `query ($id: ID!, $after: String, $direction: OrderDirection!) {
      logs(executionResult: $id, first: 1, after: $after, orderBy: { field: TIMESTAMP, direction: $direction }) {
        edges { cursor node { message } } totalCount
      }
    }`;
    const readAll = async (direction: 'ASC' | 'DESC') => {
      const messages: string[] = [];
      for (let after = ''; ; ) {
        const { body } = await ask(query, { id: executionId, after, direction });
        const [edge] = body.data?.['logs']?.['edges'] ?? [];
        if (!edge) return messages;
        messages.push(String(edge['node']?.['message']));
        after = String(edge['cursor']);
      }
    };
    const forwards = await readAll('ASC');
    expect(forwards).toContain('said');
    expect(await readAll('DESC')).toEqual(forwards.toReversed());
    const last = `query ($id: ID!) { executionResult(id: $id) { stepResults(last: 1) { nodes { stepName } } } }`;
    expect((await ask(last, { id: executionId })).body.data).toEqual({
      executionResult: { stepResults: { nodes: [{ stepName: 'echo' }] } },
    });
  });

  test('executions are filtered by flow, test, time and error', async () => {
    const query = `query ($flow: ID, $since: DateTime, $isTest: Boolean, $isFine: Boolean) {
      executionResults(flowConfig_Flow: $flow, startedAt_Gte: $since, isTestExecution: $isTest, error_Isnull: $isFine) {
        nodes { flow { id } }
      }
    }`;
    const count = async (variables: Record<string, unknown>) =>
      (await ask(query, variables)).body.data?.['executionResults']?.['nodes']?.length;
    const all = await ask(query);
    const flow = all.body.data?.['executionResults']?.['nodes']?.[0]?.['flow']?.['id'];
    expect(await count({ flow })).toBe(1);
    expect(await count({ flow: randomUUID() })).toBe(0);
    expect(await count({ since: new Date(Date.now() + 60_000).toISOString() })).toBe(0);
    expect(await count({ isTest: true })).toBe(0);
    expect(await count({ isFine: true })).toBe(1);
    expect(await count({ isFine: false })).toBe(0);
  });

  test('a list with its neighbours is read in a few queries, however long it is', async () => {
    const { deps, ctx } = system;
    const { _id: _, ...template } = (await deps.store.instances.findById(subject.instanceId).lean()) ?? {};
    const { organizationId } = ctx.actor;
    const now = new Date();
    for (let at = 0; at < 30; at += 1) {
      const customerId = randomUUID();
      const customer = {
        _id: customerId,
        organizationId,
        name: `Neighbour ${at}`,
        createdAt: now,
        updatedAt: now,
      };
      await deps.store.customers.create(customer);
      await deps.store.instances.collection.insertOne({
        ...template,
        _id: randomUUID(),
        customerId,
      } as never);
    }
    const reads: string[] = [];
    deps.store.connection.set('debug', (collection: string, method: string) =>
      reads.push(`${collection}.${method}`),
    );
    const query =
      '{ instances(first: 50) { nodes { customer { name } integration { name } deployedVersion } } }';
    const { body } = await ask(query);
    deps.store.connection.set('debug', false);
    expect(body.data?.['instances']?.['nodes']).toHaveLength(31);
    expect(reads.filter((read) => read === 'customers.find')).toHaveLength(1);
    expect(reads.length).toBeLessThan(10);
  });
});

describe('users of a customer', () => {
  let asCustomer: GraphqlClient;
  let asStranger: GraphqlClient;

  beforeAll(async () => {
    const { deps, ctx } = system;
    const { organizationId } = ctx.actor;
    const clientOf = async (customerId: string) => {
      const user = await aUser(deps, organizationId, { role: 'customer_admin', customerId });
      return graphqlClient(system, await issueAccessToken(deps, user));
    };
    asCustomer = await clientOf(subject.customerId);
    const now = new Date();
    const stranger = { _id: randomUUID(), organizationId, name: 'Stranger', createdAt: now, updatedAt: now };
    await deps.store.customers.create(stranger);
    asStranger = await clientOf(stranger._id);
  });

  test('see their own instance, its version and its runs, but not the definition', async () => {
    const query = `query ($id: ID!) {
      instance(id: $id) {
        customer { id } integration { name versionNumber } flowConfigs { nodes { flow { name } } }
        executionResults { nodes { status flow { name } } }
      }
    }`;
    const { body } = await asCustomer(query, { id: subject.instanceId });
    expect(body.errors).toBeUndefined();
    expect(body.data?.['instance']).toMatchObject({
      integration: { name: 'Subject', versionNumber: 1 },
      flowConfigs: { nodes: [{ flow: { name: 'Main' } }] },
      executionResults: { nodes: [{ status: 'SUCCESS', flow: { name: 'Main' } }] },
    });
    for (const hidden of ['definition', 'systemInstance { name }']) {
      const wanting = `query ($id: ID!) { instance(id: $id) { integration { ${hidden} } } }`;
      const refused = await asCustomer(wanting, { id: subject.instanceId });
      expect(refused.body.errors).toMatchObject([{ extensions: { code: 'not_found' } }]);
    }
  });

  test('find nothing of another customer, by no door', async () => {
    const queries: [string, string][] = [
      ['query ($id: ID!) { customer(id: $id) { name } }', subject.customerId],
      ['query ($id: ID!) { instance(id: $id) { name } }', subject.instanceId],
      ['query ($id: ID!) { executionResult(id: $id) { status } }', executionId],
      ['query ($id: ID!) { logs(executionResult: $id) { nodes { message } } }', executionId],
      ['query ($id: ID!) { integration(id: $id) { name } }', subject.integrationId],
    ];
    for (const [query, id] of queries) {
      const { body } = await asStranger(query, { id });
      expect({ query, body }).toMatchObject({
        query,
        body: { data: null, errors: [{ extensions: { code: 'not_found' } }] },
      });
    }
    const lists =
      '{ instances { nodes { id } } executionResults { nodes { id } } logs { nodes { id } } customers { nodes { name } } }';
    expect((await asStranger(lists)).body.data).toEqual({
      instances: { nodes: [] },
      executionResults: { nodes: [] },
      logs: { nodes: [] },
      customers: { nodes: [{ name: 'Stranger' }] },
    });
    const disable = `mutation ($id: ID!) { updateInstance(input: { id: $id, enabled: false }) { instance { id } errors { field messages } } }`;
    const { body } = await asStranger(disable, { id: subject.instanceId });
    expect(body.data).toMatchObject({
      updateInstance: { instance: null, errors: [{ messages: [expect.stringMatching(/not found/)] }] },
    });
  });
});

/** Selects each field of a type, and those of the types below it until one comes again; notes what it selects. */
function everyField(type: GraphQLNamedType, above: string[], asked: Set<string>): string {
  if (isLeafType(type)) return '';
  // What an edge leads to is among the nodes beside it.
  const isSeen = above.includes(type.name) || above.at(-1)?.endsWith('Edge');
  const known = Object.values((type as GraphQLObjectType).getFields());
  // Deep down only what was not asked for before: a document has its limit.
  const isAsked = above.length > 3 && known.every((field) => asked.has(`${type.name}.${field.name}`));
  if (isSeen || isAsked || above.length > 4) return '{ __typename }';
  const fields = known.map((field) => {
    asked.add(`${type.name}.${field.name}`);
    const paged = field.args.some(({ name }) => name === 'first') ? '(first: 1)' : '';
    return `${field.name}${paged} ${everyField(getNamedType(field.type), [...above, type.name], asked)}`;
  });
  return `{ ${fields.join(' ')} }`;
}
