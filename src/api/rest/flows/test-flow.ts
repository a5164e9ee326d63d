import { z } from 'zod';
import { testFlowConfig } from '../../../services/executions/test-flow-config';
import { endpoint } from '../endpoint';
import { executionView, presentExecution } from '../executions/execution-view';
import { idParams } from '../fields';

export const testFlowEndpoint = endpoint({
  operationId: 'testFlow',
  method: 'post',
  path: '/flow-configs/{id}/test',
  tag: 'Flows',
  summary: 'Run a flow of an instance once as a test',
  description: 'Answers as soon as the execution is stored; follow it by its id.',
  params: idParams,
  body: z.strictObject({
    payload: z.string().optional().describe('Text of the body that the trigger gets.'),
    contentType: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  response: executionView,
  status: 202,
  codes: ['forbidden', 'not_found', 'flow_not_found', 'flow_not_deployed', 'instance_disabled'],
  async handler(deps, ctx, { params, body }) {
    const { payload, contentType, headers } = body;
    const execution = await testFlowConfig(deps, ctx, {
      id: params.id,
      ...(payload === undefined ? {} : { payload }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(headers === undefined ? {} : { headers }),
    });
    return presentExecution(deps, execution);
  },
});
