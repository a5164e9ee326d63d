import { z } from 'zod';
import { listLogs } from '../../../services/logs/list-logs';
import { LOG_SEVERITIES } from '../../../store/models/log.model';
import { endpoint } from '../endpoint';
import { idParams, pageOf, pageQuery, presentPage, time, timeText } from '../fields';

export const logLineView = z
  .object({
    id: z.string(),
    timestamp: time,
    severity: z.enum(LOG_SEVERITIES),
    message: z.string(),
    stepName: z.string().nullable(),
    flowName: z.string(),
  })
  .meta({ id: 'LogLine' });

const severities = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(LOG_SEVERITIES)))
  .describe(`Comma-separated: ${LOG_SEVERITIES.join(', ')}.`);

export const listLogsEndpoint = endpoint({
  operationId: 'listExecutionLogs',
  method: 'get',
  path: '/executions/{id}/logs',
  tag: 'Executions',
  summary: 'List the log lines of an execution, oldest first',
  description: 'To follow a running execution, ask again with the last `endCursor` as `after`.',
  params: idParams,
  query: pageQuery.extend({
    severities: severities.optional(),
    search: z.string().optional().describe('Part of the message.'),
  }),
  response: pageOf(logLineView),
  codes: ['not_found'],
  async handler(deps, ctx, { params, query }) {
    const page = await listLogs(deps, ctx, { ...query, executionId: params.id, ascending: true });
    return presentPage(page, (line) => ({
      id: line._id,
      timestamp: timeText(line.timestamp),
      severity: line.severity,
      message: line.message,
      stepName: line.stepName,
      flowName: line.flowName,
    }));
  },
});
