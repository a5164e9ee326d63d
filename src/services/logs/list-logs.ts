import { z } from 'zod';
import { LOG_SEVERITIES, type LogLine } from '../../store/models/log.model';
import { visibleTo } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { requireExecution } from '../executions/read/get-execution';
import { tellEnds } from '../executions/run/tell-ends';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage, type SortField } from '../paging';
import { parseInput } from '../parse-input';
import { wordsBeginning } from '../text-filter';

const moment = z.iso.datetime({ offset: true }).nullish();

export const listLogsInput = pageInput.extend({
  executionId: z.string().nullish(),
  instanceId: z.string().nullish(),
  severities: z.array(z.enum(LOG_SEVERITIES)).nullish(),
  search: z.string().nullish().describe('Beginnings of words in the message, in any order.'),
  ascending: z.boolean().nullish().describe('Oldest first; if not given, only so within one execution.'),
  from: moment.describe('Written then or later.'),
  to: moment.describe('Written before.'),
});

/** For so long the last lines of a run may be missing; then they are there or the sweeper has written them. */
const UNTOLD_FOR_MS = 30_000;

/** The severities with the numbers that clients name them by. */
export const LOG_SEVERITY_LEVELS = LOG_SEVERITIES.map((name, id) => ({ id, name }));

/**
 * Log lines. Within an execution they stand in the order of writing, so that the cursor of the last line read
 * gives exactly the later ones; elsewhere in the order of time.
 */
export async function listLogs(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listLogsInput> = {},
): Promise<Page<LogLine>> {
  const input = parseInput(listLogsInput, raw);
  const { executionId, instanceId, severities, search, from, to } = input;
  if (isGiven(executionId)) {
    const { endedAt } = await requireExecution(deps, ctx, executionId);
    // Whoever sees that a run has ended sees its last lines too, also if these are still on their way.
    if (endedAt !== null && Date.now() - endedAt.getTime() < UNTOLD_FOR_MS)
      await tellEnds(deps, [executionId]);
  }
  const conditions: Record<string, unknown>[] = [{ ...visibleTo(ctx) }];
  if (isGiven(executionId)) conditions.push({ executionId });
  if (isGiven(instanceId)) conditions.push({ instanceId });
  if (isGiven(severities)) conditions.push({ severity: { $in: severities } });
  if (isGiven(from)) conditions.push({ timestamp: { $gte: new Date(from) } });
  if (isGiven(to)) conditions.push({ timestamp: { $lt: new Date(to) } });
  if (search) conditions.push(...wordsBeginning(search).map((message) => ({ message })));
  const direction = (input.ascending ?? isGiven(executionId)) ? 1 : -1;
  // Unique within an execution, and an index's order: the log of a very long run is not sorted for each page.
  const byPlace: SortField[] = [{ field: 'ordinal', direction, type: 'number' }];
  const byTime: SortField[] = [
    { field: 'timestamp', direction, type: 'date' },
    { field: '_id', direction, type: 'string' },
  ];
  return readPage({
    model: deps.store.logs,
    filter: { $and: conditions },
    sort: isGiven(executionId) ? byPlace : byTime,
    page: input,
  });
}
