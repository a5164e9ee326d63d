import { resumeExecution } from '../../../services/executions/control/resume-execution';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { executionView, presentExecution } from './execution-view';

export const resumeExecutionEndpoint = endpoint({
  operationId: 'resumeExecution',
  method: 'post',
  path: '/executions/{id}/resume',
  tag: 'Executions',
  summary: 'Let a held execution go on',

  params: idParams,
  response: executionView,
  codes: ['forbidden', 'not_found', 'invalid_state', 'dependency_unavailable'],
  async handler(deps, ctx, { params }) {
    return presentExecution(deps, await resumeExecution(deps, ctx, params.id));
  },
});
