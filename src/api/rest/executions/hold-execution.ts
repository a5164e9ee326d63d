import { holdExecution } from '../../../services/executions/control/hold-execution';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { executionView, presentExecution } from './execution-view';

export const holdExecutionEndpoint = endpoint({
  operationId: 'holdExecution',
  method: 'post',
  path: '/executions/{id}/hold',
  tag: 'Executions',
  summary: 'Stop an execution before its next step',
  description:
    'It stays `PENDING`, costs no worker and goes on when it is resumed. A step that runs is finished.',
  params: idParams,
  response: executionView,
  codes: ['forbidden', 'not_found', 'invalid_state', 'dependency_unavailable'],
  async handler(deps, ctx, { params }) {
    return presentExecution(deps, await holdExecution(deps, ctx, params.id));
  },
});
