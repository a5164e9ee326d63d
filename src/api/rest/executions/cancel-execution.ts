import { cancelExecution } from '../../../services/executions/control/cancel-execution';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { executionView, presentExecution } from './execution-view';

export const cancelExecutionEndpoint = endpoint({
  operationId: 'cancelExecution',
  method: 'post',
  path: '/executions/{id}/cancel',
  tag: 'Executions',
  summary: 'End an execution before its next step',
  description: 'It ends as `ERROR` with the code `cancelled`. A step that runs is finished.',
  params: idParams,
  response: executionView,
  codes: ['forbidden', 'not_found', 'invalid_state', 'dependency_unavailable'],
  async handler(deps, ctx, { params }) {
    return presentExecution(deps, await cancelExecution(deps, ctx, params.id));
  },
});
