import { invalidField } from '../../../errors';
import type { SentAnswer } from '../../../services/executions/accept/flow-answer';
import { testFlowConfig, testIntegrationFlow } from '../../../services/executions/accept/test-flow-config';
import { getExecution } from '../../../services/executions/read/get-execution';
import { testEndpoint } from '../../../services/executions/route/test-endpoint';
import { viewOfDraft } from '../../../services/integrations/integration-view';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';

interface TestInput {
  id?: string | null;
  payload?: string | null;
  contentType?: string | null;
  headers?: string | null;
}

/** Runs of a flow that people ask for: of an instance, and of an integration's draft. */
export const flowTestMutations: FieldsOf<unknown> = {
  testInstanceFlowConfig: mutation(
    'testInstanceFlowConfigResult',
    async ({ payload, contentType, ...input }: TestInput, { deps, ctx, load }) => {
      const id = fromGlobalId('InstanceFlowConfig', input.id ?? '');
      const headers = headersOf(input.headers);
      const execution = await testFlowConfig(deps, ctx, { id, payload, contentType, headers });
      return { flowConfig: await load.flowConfig(execution.instanceId, id), execution };
    },
  ),
  testIntegrationFlow: mutation(
    'testIntegrationFlowResult',
    async ({ payload, contentType, ...input }: TestInput, { deps, ctx, load }) => {
      const id = fromGlobalId('IntegrationFlow', input.id ?? '');
      const headers = headersOf(input.headers);
      const execution = await testIntegrationFlow(deps, ctx, { id, payload, contentType, headers });
      const flowConfig = await load.flowConfig(execution.instanceId, execution.flowConfigId);
      const { integrationId } = execution;
      return { flow: flowConfig && { ...flowConfig.flow, integrationId }, execution };
    },
  ),
  testIntegrationEndpointConfig: mutation(
    'testIntegrationEndpointConfigResult',
    async ({ payload, contentType, ...input }: TestInput, { deps, ctx }) => {
      const id = fromGlobalId('Integration', input.id ?? '');
      const headers = headersOf(input.headers);
      const tested = await testEndpoint(deps, ctx, { id, payload, contentType, headers });
      const { statusCode, headers: sent, body } = tested.answer;
      return {
        integration: viewOfDraft(tested.integration),
        execution: await getExecution(deps, ctx, { id: tested.execution._id }),
        statusCode,
        headers: JSON.stringify(sent),
        body: await textOf(body),
      };
    },
  ),
};

async function textOf(body: SentAnswer['body']): Promise<string> {
  if (body === null || Buffer.isBuffer(body)) return body?.toString('utf8') ?? '';
  const pieces: Buffer[] = [];
  for await (const piece of body.pieces) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function headersOf(json: string | null | undefined): Record<string, string> | undefined {
  if (json == null || json === '') return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, string>;
  } catch {
    // Answered below, like JSON that is no object.
  }
  throw invalidField('headers', 'The headers must be JSON text of an object, as {"X-Name": "value"}.');
}
