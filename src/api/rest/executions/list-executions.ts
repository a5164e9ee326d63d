import { z } from 'zod';
import { listExecutions } from '../../../services/executions/read/list-executions';
import { EXECUTION_STATUSES } from '../../../store/models/execution.model';
import { endpoint } from '../endpoint';
import { flagQuery, pageOf, pageQuery, presentPage } from '../fields';
import { executionView, presentExecution } from './execution-view';

export const listExecutionsEndpoint = endpoint({
  operationId: 'listExecutions',
  method: 'get',
  path: '/executions',
  tag: 'Executions',
  summary: 'List executions, newest first',
  query: pageQuery.extend({
    instanceId: z.uuid().optional(),
    customerId: z.uuid().optional(),
    integrationId: z.uuid().optional(),
    flowId: z.uuid().optional(),
    status: z.enum(EXECUTION_STATUSES).optional(),
    isTest: flagQuery.optional(),
    hasError: flagQuery.optional(),
    startedAtGte: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Started at this time (ISO 8601) or later.'),
  }),
  response: pageOf(executionView),
  async handler(deps, ctx, { query }) {
    const page = await listExecutions(deps, ctx, query);
    return presentPage(page, (execution) => presentExecution(deps, execution));
  },
});
