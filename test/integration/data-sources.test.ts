import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchDataSourceContent } from '../../src/services/data-sources/fetch-data-source-content';
import { fetchVariableContent } from '../../src/services/data-sources/fetch-variable-content';
import { definition, step, stringVar, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type Data, graphqlClient } from '../support/graphql-client';
import { restCaller } from '../support/http';
import { publishBuilt } from '../support/publish-built';
import { buildPackage } from '../support/sdk-packages';
import { aUser, contextOf, errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';

/** A published package in the product: its data sources while an instance is configured, its actions in runs. */
let system: System;
let folder: string;
let instance: DeployedInstance;

const component = { key: 'full', isPublic: false, version: 'LATEST' };
const ofFull = (name: string, key: string, inputs = {}) => ({
  ...step(name, 'full.x', inputs),
  action: { key, component },
});
const configVar = (key: string) => ({ type: 'configVar', value: key });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'data-sources-'));
  system = await startSystem();
  await publishBuilt(system, await buildPackage('full-component.ts', 10, folder), false);
  const text = definition(
    'With a package',
    [
      {
        name: 'Echo',
        isSynchronous: true,
        steps: [ofFull('Echo', 'echo', { name: configVar('Region'), plain: value('') })],
      },
      { name: 'Binary', isSynchronous: true, steps: [ofFull('Binary', 'binary')] },
    ],
    {
      requiredConfigVars: [
        stringVar('Region', 'North'),
        {
          key: 'Colour',
          dataType: 'picklist',
          orgOnly: false,
          dataSource: { key: 'colours', component },
          inputs: { name: configVar('Region') },
        },
        { ...stringVar('Ours', 'South'), orgOnly: true },
        ...['Hidden', 'Derived'].map((key) => ({
          key,
          dataType: 'picklist',
          defaultValue: 'red',
          orgOnly: key === 'Hidden',
          dataSource: { key: 'colours', component },
          inputs: {
            name: key === 'Hidden' ? configVar('Region') : { type: 'template', value: 'in {{#Ours}}' },
          },
        })),
        {
          key: 'Broken',
          dataType: 'picklist',
          orgOnly: false,
          dataSource: { key: 'notAList', component },
          inputs: {},
        },
      ],
    },
  );
  instance = await aDeployedInstance(system.deps, system.ctx, {
    definition: text,
    configVariables: [
      { key: 'Colour', value: 'red' },
      { key: 'Broken', value: 'x' },
    ],
  });
}, 300_000);
afterAll(async () => {
  await system?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the data source of a config variable', () => {
  const ask = (key: string) =>
    restCaller(system.apiUrl, system.accessToken)(
      'POST',
      `/instances/${instance.instanceId}/config-variables/${encodeURIComponent(key)}/content`,
    );

  it('is asked with the configuration of the instance', async () => {
    const { status, body } = await ask('Colour');
    expect(status).toBe(200);
    expect(body).toMatchObject({ dataSourceType: 'picklist' });
    const { content } = body as unknown as { content: { key: string; label: string }[] };
    expect(content.map(({ key }) => key)).toEqual(['<North>', 'red']);
  });

  it('must give what its type says', async () => {
    const { status, body } = await ask('Broken');
    expect(status).toBe(502);
    expect(body).toMatchObject({
      code: 'component_failed',
      detail: expect.stringContaining('it must give a list of texts'),
    });
  });

  it('is said to be missing', async () => {
    expect((await ask('Region')).body).toMatchObject({ code: 'invalid_state' });
    expect((await ask('Nowhere')).status).toBe(404);
  });
});

describe('fetchDataSourceContent', () => {
  const graphql = (query: string, variables: Record<string, unknown>) =>
    graphqlClient(system, system.accessToken)(query, variables);

  const sourceId = async (): Promise<string> => {
    const { body } = await graphql(
      `{ components(key: "full", public: false) { nodes { actions(isDataSource: true) { nodes { id key } } } } }`,
      {},
    );
    const nodes = (body.data as Data)['components']['nodes'][0]['actions']['nodes'] as unknown as {
      id: string;
      key: string;
    }[];
    return nodes.find(({ key }) => key === 'colours')?.id ?? '';
  };

  it('asks a data source with inputs as a definition writes them', async () => {
    const { body } = await graphql(
      `mutation ($input: FetchDataSourceContentInput!) { fetchDataSourceContent(input: $input) {
        fetchDataSourceContentResult { content dataSource { key isDataSource } instance { name } }
        errors { field messages } } }`,
      {
        input: {
          id: instance.instanceId,
          dataSource: await sourceId(),
          inputs: [{ name: 'name', type: 'template', value: 'in {{#Region}}' }],
        },
      },
    );
    const { fetchDataSourceContentResult: result, errors } = (body.data as Data)['fetchDataSourceContent'];
    expect(errors).toEqual([]);
    expect(result).toMatchObject({
      dataSource: { key: 'colours', isDataSource: true },
      instance: { name: 'An instance' },
    });
    expect(JSON.parse(String(result['content']))).toMatchObject([{ key: '<in North>' }, { key: 'red' }]);
  });
});

describe('an administrator of the customer', () => {
  const asAdmin = async () => {
    const { deps, ctx } = system;
    const { customerId } = instance;
    return contextOf(await aUser(deps, ctx.actor.organizationId, { role: 'customer_admin', customerId }));
  };

  it('is offered what a variable of the customer may be, and nothing that comes of the organization’s own', async () => {
    const { deps, ctx } = system;
    const admin = await asAdmin();
    const ask = (who: typeof ctx, key: string) =>
      fetchVariableContent(deps, who, { id: instance.instanceId, key });
    expect((await ask(admin, 'Colour')).content).toContain('<North>');
    expect((await ask(ctx, 'Hidden')).content).toContain('<North>');
    expect((await ask(ctx, 'Derived')).content).toContain('<in South>');
    for (const key of ['Hidden', 'Derived', 'Ours', 'Nowhere'])
      expect(await errorOf(ask(admin, key))).toMatchObject({ code: 'not_found' });
  });

  it('cannot let a data source of their choice run with inputs of their own', async () => {
    const { deps } = system;
    const component = await deps.store.componentVersions.findOne({ key: 'full' }).lean();
    const wanted = {
      instanceId: instance.instanceId,
      componentId: component!._id,
      key: 'colours',
      inputs: [{ name: 'name', type: 'configVar', value: 'Ours' }],
    };
    const refused = await errorOf(fetchDataSourceContent(deps, await asAdmin(), wanted));
    expect(refused).toMatchObject({ code: 'forbidden' });
    const { content } = await fetchDataSourceContent(deps, system.ctx, wanted);
    expect(content).toContain('<South>');
  });
});

describe('a published package in a run', () => {
  it('gets parameters and context', async () => {
    const response = await fetch(instance.webhooks['Echo'] ?? '', { method: 'POST', body: '{}' });
    expect(response.status).toBe(201);
    const answer = (await response.json()) as { params: unknown; context: string[] };
    expect(answer.params).toEqual({ name: '<North>', plain: '', tags: [] });
    expect(answer.context).toEqual(
      expect.arrayContaining(['configVars', 'crossFlowState', 'executionFrame', 'flow', 'webhookUrls']),
    );
  });

  it('answers bytes', async () => {
    const response = await fetch(instance.webhooks['Binary'] ?? '', { method: 'POST', body: '{}' });
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 1, 254, 255]));
  });
});
