import { z } from 'zod';
import { listExecutions } from '../../../services/executions/read/list-executions';
import { RESULT_TYPES } from '../../../services/executions/read/result-type';
import { EXECUTION_STATUSES } from '../../../store/models/execution.model';
import { endpoint } from '../endpoint';
import { anyId, flagQuery, pageOf, pageQuery, presentPage } from '../fields';
import { executionView, presentExecution } from './execution-view';

export const listExecutionsEndpoint = endpoint({
  operationId: 'listExecutions',
  method: 'get',
  path: '/executions',
  tag: 'Executions',
  summary: 'List executions, newest first',
  query: pageQuery.extend({
    instanceId: anyId.optional(),
    customerId: anyId.optional(),
    integrationId: anyId.optional(),
    flowId: anyId.optional(),
    status: z.enum(EXECUTION_STATUSES).optional(),
    isTest: flagQuery.optional(),
    resultType: z
      .enum(RESULT_TYPES)
      .optional()
      .describe('Polls that found nothing are listed only when they are asked for.'),
    hasError: flagQuery.optional(),
    startedAtGte: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Started at this time (ISO 8601) or later.'),
  }),
  response: pageOf(executionView),
  async handler(deps, ctx, { query }) {
    const { resultType, ...rest } = query;
    const page = await listExecutions(deps, ctx, {
      ...rest,
      resultTypes: resultType && [resultType],
    });
    return presentPage(page, (execution) => presentExecution(deps, execution));
  },
});
