import { testFlowConfig, testFlowConfigInput } from '../../../services/executions/accept/test-flow-config';
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
  body: testFlowConfigInput.omit({ id: true }),
  response: executionView,
  status: 202,
  codes: ['forbidden', 'not_found', 'flow_not_found', 'flow_not_deployed', 'instance_disabled'],
  async handler(deps, ctx, { params, body }) {
    return presentExecution(deps, await testFlowConfig(deps, ctx, { ...body, id: params.id }));
  },
});
