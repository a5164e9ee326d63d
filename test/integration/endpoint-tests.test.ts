import { randomUUID } from 'node:crypto';
import { toGlobalId } from '../../src/api/graphql/global-id';
import { importIntegration } from '../../src/services/integrations/import-integration';
import type { Execution } from '../../src/store/models/execution.model';
import { code, definition, reference } from '../support/definition-builder';
import { type Data, graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';

let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const SORT = code(
  'Decide',
  `module.exports = async ({ customer }, { trigger }) => {
    const { kind } = trigger.results.body.data;
    if (kind === 'bad') throw new Error('no such kind');
    return { data: { flow: kind, header: trigger.results.headers['X-From'] } };
  };`,
);

async function draftOf(rest: object): Promise<string> {
  const { deps, ctx } = system;
  const flows = [
    { name: 'Sort', steps: [SORT] },
    { name: 'First', steps: [] },
  ];
  const text = definition(`Tested ${randomUUID()}`, flows, { ...rest });
  return (await importIntegration(deps, ctx, { definition: text }))._id;
}

async function tryEndpoint(integrationId: string, input: Record<string, unknown>): Promise<Data> {
  const ask = graphqlClient(system, system.accessToken);
  const { body } = await ask(
    `mutation ($input: TestIntegrationEndpointConfigInput!) { testIntegrationEndpointConfig(input: $input) {
      testIntegrationEndpointConfigResult { statusCode headers body integration { id }
        execution { id invokeType isTestExecution status } }
      errors { field messages } } }`,
    { input: { id: toGlobalId('Integration', integrationId), ...input } },
  );
  if (body.errors) return { errors: body.errors } as never;
  return body.data!['testIntegrationEndpointConfig']!;
}

describe('a test of an endpoint', () => {
  for (const endpointType of ['instance_specific', 'shared_instance']) {
    it(`runs the preprocess flow of the draft, and no other, and tells what it gave (${endpointType})`, async () => {
      const integrationId = await draftOf({
        endpointType,
        preprocessFlowName: 'Sort',
        flowNameField: reference('decide.results.flow'),
        ...(endpointType === 'shared_instance' && {
          externalCustomerIdField: reference('decide.results.flow'),
        }),
      });
      const answer = await tryEndpoint(integrationId, {
        payload: JSON.stringify({ kind: 'First' }),
        headers: JSON.stringify({ 'X-From': 'a test' }),
      });
      const result = answer['testIntegrationEndpointConfigResult'] as unknown as { body: string };
      expect(answer).toMatchObject({
        errors: [],
        testIntegrationEndpointConfigResult: {
          statusCode: 200,
          integration: { id: toGlobalId('Integration', integrationId) },
          execution: { invokeType: 'INTEGRATION_ENDPOINT_TEST', isTestExecution: true },
        },
      });
      expect(JSON.parse(result.body)).toEqual({ flow: 'First', header: 'a test' });
      const runs = await system.deps.store.executions.find({ integrationId }).lean<Execution[]>();
      expect(runs.map(({ flowName, invokeType }) => [flowName, invokeType])).toEqual([
        ['Sort', 'INTEGRATION_ENDPOINT_TEST'],
      ]);
    });
  }

  it('says why it failed, and where there is nothing to test', async () => {
    const failing = await draftOf({
      endpointType: 'instance_specific',
      preprocessFlowName: 'Sort',
      flowNameField: reference('decide.results.flow'),
    });
    const failed = await tryEndpoint(failing, { payload: JSON.stringify({ kind: 'bad' }) });
    expect(failed).toMatchObject({
      errors: [
        { message: expect.stringContaining('no such kind'), extensions: { code: 'component_failed' } },
      ],
    });
    const none = await tryEndpoint(await draftOf({ endpointType: 'flow_specific' }), {});
    expect(none).toMatchObject({ errors: [{ messages: [expect.stringContaining('no preprocess flow')] }] });
  });
});
