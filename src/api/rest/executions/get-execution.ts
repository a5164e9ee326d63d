import { getExecution } from '../../../services/executions/read/get-execution';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { executionView, presentExecution } from './execution-view';

export const getExecutionEndpoint = endpoint({
  operationId: 'getExecution',
  method: 'get',
  path: '/executions/{id}',
  tag: 'Executions',
  summary: 'Get an execution',
  params: idParams,
  response: executionView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentExecution(deps, await getExecution(deps, ctx, params));
  },
});
