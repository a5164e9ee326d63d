import { readFile, writeFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { definition, step, stringVar, template, value } from '../support/definition-builder';
import { createPrism, type Prism, prismVersion } from '../support/prism';
import { type System, startSystem } from '../support/system';

/**
 * The unmodified command line against a running system, command by command. The tests of one noun build on
 * each other, in the order in which a person would type them.
 */
let system: System;
let prism: Prism;

beforeAll(async () => {
  system = await startSystem();
  prism = await createPrism(system);
});

afterAll(async () => {
  await prism?.close();
  await system?.stop();
});

/** What a list command prints, as data with every column. */
async function rows(...args: string[]): Promise<Record<string, unknown>[]> {
  return JSON.parse(await prism.ok(...args, '--extended', '--output', 'json')) as Record<string, unknown>[];
}

/** What a command that must fail prints. */
async function refusal(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await prism.run(args);
  expect({ args, failed: exitCode !== 0 }).toEqual({ args, failed: true });
  // The command line breaks long lines and puts a mark in front of each.
  return `${stdout}\n${stderr}`.replace(/\s*\n\s*(›\s*)?/g, ' ');
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(prism.path(name), text);
  return prism.path(name);
}

const greeting = definition(
  'Greeter',
  [
    {
      name: 'Greet',
      steps: [
        step('Say It', 'log.writeLog', {
          level: value('warn'),
          message: template('{{#Greeting}}, {{$trigger.results.body.data.name}}'),
        }),
        step('As Object', 'code.runCode', {
          code: value(
            'module.exports = async (_, { trigger }) => ({ data: { got: trigger.results.body.data } });',
          ),
        }),
        step('As Json', 'code.runCode', {
          code: value("module.exports = async () => ({ data: { n: 1 }, contentType: 'application/json' });"),
        }),
        step('As Text', 'code.runCode', {
          code: value("module.exports = async () => ({ data: 'plain words', contentType: 'text/plain' });"),
        }),
        step('As Bytes', 'code.runCode', {
          code: value(
            "module.exports = async () => ({ data: Buffer.from([0, 255, 1]), contentType: 'application/octet-stream' });",
          ),
        }),
      ],
    },
  ],
  {
    description: 'Greets whoever calls.',
    requiredConfigVars: [{ ...stringVar('Greeting'), description: 'How to begin.' }],
    configPages: [{ name: 'Words', elements: [{ type: 'configVar', value: 'Greeting' }] }],
  },
);

describe('session', () => {
  test('the tests pin the version of the command line', async () => {
    expect(await prismVersion()).toBe('10.4.0');
  });

  test('me names the user, the organization and the server', async () => {
    const printed = await prism.ok('me');
    expect(printed).toContain('Olive Owner');
    expect(printed).toContain('owner@acme.test');
    expect(printed).toContain('Acme');
    expect(printed).toContain(system.apiUrl);
  });

  test.each([
    ['without a credential, when it sends "Bearer undefined"', undefined],
    ['with a token of another server', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl'],
  ])('it asks to log in %s', async (_, accessToken) => {
    const other = await createPrism({ apiUrl: system.apiUrl, ...(accessToken && { accessToken }) });
    const { exitCode, stdout, stderr } = await other.run(['customers:list']);
    await other.close();
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toMatch(/prism login/);
  });
});

describe('customers', () => {
  let id: string;

  test('create prints the id, list shows the customer', async () => {
    const args = ['-n', 'Foo Ltd', '-d', 'Makes foo', '-e', 'foo-1', '-l', 'eu'];
    id = (await prism.ok('customers:create', ...args)).trim();
    const listed = { id, name: 'Foo Ltd', description: 'Makes foo', externalId: 'foo-1' };
    expect(await rows('customers:list')).toEqual([listed]);
  });

  test('update changes the fields that are given and leaves the others', async () => {
    expect((await prism.ok('customers:update', id, '-n', 'Foo GmbH')).trim()).toBe(id);
    const [row] = await rows('customers:list');
    expect(row).toMatchObject({ name: 'Foo GmbH', description: 'Makes foo', externalId: 'foo-1' });
  });

  test('a taken external id and an empty name are refused by naming the field', async () => {
    expect(await refusal('customers:create', '-n', 'Other', '-e', 'foo-1')).toMatch(/externalId: /);
    expect(await refusal('customers:create', '-n', ' ')).toMatch(/name: A customer needs a name/);
  });

  test('an id of another type is refused in words, not by a crash', async () => {
    const wrong = Buffer.from('Instance:4b1de2c8-7d3c-4d33-9f0b-0a2c6f6f3c11').toString('base64');
    expect(await refusal('customers:update', wrong, '-n', 'x')).toMatch(
      /id: Customer was not found.*Instance/,
    );
  });

  test('list goes through all pages', async () => {
    const { organizationId } = system.ctx.actor;
    const now = new Date();
    const many = Array.from({ length: 120 }, (_, at) => ({
      _id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
      organizationId,
      name: `Many ${at}`,
      createdAt: now,
      updatedAt: now,
    }));
    await system.deps.store.customers.insertMany(many);
    expect(await rows('customers:list')).toHaveLength(121);
    await system.deps.store.customers.deleteMany({ name: /^Many/ });
  });

  test('delete takes it away', async () => {
    await prism.ok('customers:delete', id);
    expect(await rows('customers:list')).toEqual([]);
    expect(await refusal('customers:delete', id)).toMatch(/not found/);
  });
});

describe('components', () => {
  test('list shows the built-in components, and only those that a search names', async () => {
    const keys = (await rows('components:list')).map(({ key }) => key);
    expect(keys).toEqual(
      expect.arrayContaining(['branch', 'code', 'http', 'log', 'loop', 'webhook-triggers']),
    );
    const found = await rows('components:list', '--search', 'webhook');
    expect(found.map(({ key }) => key)).toEqual(['webhook-triggers']);
  });

  test('actions and triggers are listed apart', async () => {
    const actions = await rows('components:actions:list', 'http');
    expect(actions.map(({ key }) => key)).toEqual(expect.arrayContaining(['httpGet', 'httpPost']));
    const triggers = await rows('components:triggers:list', 'webhook-triggers', '--public');
    expect(triggers.map(({ key }) => key)).toEqual(['webhook']);
    expect(await rows('components:triggers:list', 'log')).toEqual([]);
  });

  test('an unknown key is said to be one', async () => {
    expect(await refusal('components:actions:list', 'no-such-component')).toMatch(
      /key you provided is not valid/,
    );
  });
});

describe('integrations', () => {
  let path: string;
  let id: string;
  const broken = greeting.replace('writeLog', 'writeLogs').replace('runCode', 'runCodes');

  beforeAll(async () => {
    path = await file('greeter.yml', greeting);
  });

  test('validate-yaml accepts a good definition and lists the faults of a bad one', async () => {
    expect(await prism.ok('integrations:validate-yaml', path)).toMatch(/is valid/);
    const faults = await refusal('integrations:validate-yaml', await file('broken.yml', broken));
    expect(faults).toMatch(/line \d+, column \d+: .*Say It.*writeLogs/);
    expect(faults).toMatch(/line \d+, column \d+: .*As Object.*runCodes/);
  });

  test('import prints the id; importing the same name again changes that integration', async () => {
    id = (await prism.ok('integrations:import', '--path', path)).trim();
    expect((await prism.ok('integrations:import', '--path', path)).trim()).toBe(id);
    expect(await rows('integrations:list')).toEqual([
      expect.objectContaining({ id, name: 'Greeter', description: 'Greets whoever calls.' }),
    ]);
    expect(await rows('integrations:list', '--search', 'nothing such')).toEqual([]);
  });

  test('import of a bad definition names every fault with its place and stores nothing', async () => {
    const faults = await refusal('integrations:import', '--path', await file('broken.yml', broken));
    expect(faults).toMatch(/line \d+, column \d+: .*Say It.*writeLogs/);
    expect(faults).toMatch(/line \d+, column \d+: .*As Object.*runCodes/);
    expect(await prism.ok('integrations:export', id)).toContain('writeLog');
  });

  test('flows:list shows each flow with its test address', async () => {
    expect(await rows('integrations:flows:list', id)).toEqual([
      expect.objectContaining({
        name: 'Greet',
        testUrl: expect.stringMatching(new RegExp(`^${system.apiUrl}/trigger/`)) as string,
      }),
    ]);
  });

  test('publish prints the id of a version; versions lists it, newest first', async () => {
    const first = (await prism.ok('integrations:publish', id, '--comment', 'The first')).trim();
    const second = (await prism.ok('integrations:publish', id, '--commitHash', 'abc123')).trim();
    const versions = await rows('integrations:versions', id);
    expect(versions.map((version) => version['id'])).toEqual([second, first]);
    expect(versions[1]).toMatchObject({ versionNumber: '1', versionComment: 'The first' });
    expect(JSON.stringify(versions[0])).toContain('owner@acme.test');
    expect(await rows('integrations:versions', id, '--latest-available')).toHaveLength(1);
    expect(await rows('integrations:list', '--showAllVersions')).toHaveLength(3);
  });

  test('export gives the definition back', async () => {
    expect(parseYaml(await prism.ok('integrations:export', id))).toEqual(parseYaml(greeting));
  });

  test('delete takes it away', async () => {
    await prism.ok('integrations:delete', id);
    expect(await rows('integrations:list')).toEqual([]);
  });
});

describe('instances', () => {
  let customerId: string;
  let integrationId: string;
  let versionId: string;
  let id: string;
  let flowConfigId: string;

  beforeAll(async () => {
    customerId = (await prism.ok('customers:create', '-n', 'Bar Ltd', '-e', 'bar-1')).trim();
    integrationId = (await prism.ok('integrations:import', '--path', await file('i.yml', greeting))).trim();
    versionId = (await prism.ok('integrations:publish', integrationId)).trim();
  }, 120_000);

  const create = ['instances:create', '-n', 'Bar greets'];
  const configVars = (variables: object[]) => ['--config-vars', JSON.stringify(variables)];

  test('create refuses config variables that there are not, by name', async () => {
    const target = ['-i', versionId, '-c', customerId];
    const printed = await refusal(...create, ...target, ...configVars([{ key: 'Greating', value: 'x' }]));
    expect(printed).toMatch(/Greating/);
  });

  test('create prints the id; the instance is not deployed yet', async () => {
    id = (await prism.ok(...create, '-i', integrationId, '-c', customerId, '-d', 'For Bar')).trim();
    expect(await rows('instances:list', '--customer', customerId)).toEqual([
      expect.objectContaining({ id, name: 'Bar greets', description: 'For Bar' }),
    ]);
    const query = '{ instances { nodes { enabled needsDeploy deployedVersion lastDeployedAt } } }';
    expect(JSON.parse(await prism.ok('graphql:query', query))).toEqual({
      instances: {
        nodes: [{ enabled: false, needsDeploy: true, deployedVersion: null, lastDeployedAt: null }],
      },
    });
  });

  test('deploy refuses while a value is missing, and names it', async () => {
    expect(await refusal('instances:deploy', id)).toMatch(/Greeting/);
  });

  test('config-vars:list shows what is set, in one page', async () => {
    const mutation = `mutation ($id: ID!) {
      updateInstanceConfigVariables(input: { id: $id, configVariables: [{ key: "Greeting", value: "Good day" }] }) {
        instance { configState } errors { field messages }
      }
    }`;
    await prism.ok('graphql:query', mutation, '--variables', JSON.stringify({ id }));
    const [row] = await rows('instances:config-vars:list', id);
    expect(row).toMatchObject({ key: 'Greeting', value: 'Good day' });
  });

  test('deploy puts it into service', async () => {
    expect((await prism.ok('instances:deploy', id)).trim()).toBe(id);
    const query = `query ($id: ID!) { instance(id: $id) { enabled needsDeploy deployedVersion configState } }`;
    const printed = await prism.ok('graphql:query', query, '--variables', JSON.stringify({ id }));
    expect(JSON.parse(printed)).toEqual({
      instance: { enabled: true, needsDeploy: false, deployedVersion: 1, configState: 'FULLY_CONFIGURED' },
    });
  });

  test('flow-configs:list shows each flow with its webhook', async () => {
    const [row] = await rows('instances:flow-configs:list', id);
    expect(row).toMatchObject({ name: 'Greet' });
    flowConfigId = String(row?.['id']);
    expect(String(row?.['webhookUrl'])).toMatch(new RegExp(`^${system.apiUrl}/trigger/`));
  });

  test('flow-configs:test --tail prints the log of the run and ends with it', async () => {
    const args = ['instances:flow-configs:test', flowConfigId, '--payload', '{"name":"Ada"}', '--tail'];
    const printed = await prism.ok(...args);
    expect(printed).toContain('Good day, Ada');
    expect(printed).toMatch(/Ending Instance Execution/);
  });

  test.each([
    ['an object without a content type as JSON', 'As Object', '{"got":{"name":"Ada"}}'],
    ['an object of type JSON as JSON', 'As Json', '{"n":1}'],
    ['text as it is', 'As Text', 'plain words'],
  ])('executions:step-result:get prints %s', async (_, stepName, printed) => {
    const args = ['executions:step-result:get', '-e', await lastExecutionId(), '-s', stepName];
    expect((await prism.ok(...args)).trim()).toBe(printed);
  });

  test('executions:step-result:get writes bytes to a file, and says when there is no such step', async () => {
    const executionId = await lastExecutionId();
    const target = prism.path('result.bin');
    await prism.ok('executions:step-result:get', '-e', executionId, '-s', 'As Bytes', '-p', target);
    expect([...(await readFile(target))]).toEqual([0, 255, 1]);
    const { stderr } = await prism.run(['executions:step-result:get', '-e', executionId, '-s', 'No Step']);
    expect(stderr).toMatch(/No step results found/);
  });

  test('disable stops its flows, enable lets them run again', async () => {
    await prism.ok('instances:disable', id);
    expect(await refusal('instances:flow-configs:test', flowConfigId)).toMatch(/disabled/);
    await prism.ok('instances:enable', id);
    await prism.ok('instances:flow-configs:test', flowConfigId);
  });

  test('update changes name and version, and deploys if asked', async () => {
    const next = (await prism.ok('integrations:publish', integrationId)).trim();
    await prism.ok('instances:update', id, '-n', 'Bar greets twice', '--version', next, '--deploy');
    const query = 'query ($id: ID!) { instance(id: $id) { name deployedVersion integration { id } } }';
    const printed = await prism.ok('graphql:query', query, '--variables', JSON.stringify({ id }));
    expect(JSON.parse(printed)).toEqual({
      instance: { name: 'Bar greets twice', deployedVersion: 2, integration: { id: next } },
    });
  });

  test('its integration cannot be deleted before it; then all can', async () => {
    expect(await refusal('integrations:delete', integrationId)).toMatch(/Bar greets twice/);
    await prism.ok('instances:delete', id);
    expect(await rows('instances:list')).toEqual([]);
    await prism.ok('integrations:delete', integrationId);
    await prism.ok('customers:delete', customerId);
  });

  async function lastExecutionId(): Promise<string> {
    const query = '{ executionResults(first: 1) { nodes { id } } }';
    const { executionResults } = JSON.parse(await prism.ok('graphql:query', query)) as {
      executionResults: { nodes: { id: string }[] };
    };
    return String(executionResults.nodes[0]?.id);
  }
});

describe('logs and queries', () => {
  test('logs:severities:list shows the seven severities', async () => {
    const names = (await rows('logs:severities:list')).map(({ name }) => name);
    expect(names).toEqual(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'METRIC']);
  });

  test('graphql:query shows what is wrong with a document', async () => {
    expect(await refusal('graphql:query', '{ customers { nodes { nmae } } }')).toMatch(/nmae/);
    expect(await refusal('graphql:query', '{ customer(id: "x") { name } }')).toMatch(
      /Customer was not found/,
    );
  });
});
