import { z } from 'zod';
import { LOG_SEVERITIES, type LogLine } from '../../store/models/log.model';
import { visibleTo } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { requireExecution } from '../executions/read/get-execution';
import { tellEnds } from '../executions/run/tell-ends';
import { isGiven } from '../is-given';
import { type Page, pageInput, pageOf, readPage, type SortField } from '../paging';
import { parseInput } from '../parse-input';
import { wordsBeginning } from '../text-filter';
import { linesOf } from './execution-line';
import { readByTime } from './read-by-time';

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
  if (isGiven(executionId)) conditions.push(linesOf(executionId));
  if (isGiven(instanceId)) conditions.push({ instanceId });
  else if (!isGiven(executionId)) conditions.push(...(await ofOwnInstances(deps, ctx)));
  if (isGiven(severities)) conditions.push({ severity: { $in: severities } });
  if (isGiven(from)) conditions.push({ timestamp: { $gte: new Date(from) } });
  if (isGiven(to)) conditions.push({ timestamp: { $lt: new Date(to) } });
  if (search) conditions.push(...wordsBeginning(search).map((message) => ({ message })));
  const direction = (input.ascending ?? isGiven(executionId)) ? 1 : -1;
  const filter = { $and: conditions };
  const { logs } = deps.store;
  if (isGiven(executionId)) {
    const sort: SortField[] = [{ field: '_id', direction, type: 'string' }];
    return readPage({ model: logs, filter, sort, page: input });
  }
  return pageOf({
    sort: [
      { field: 'timestamp', direction, type: 'date' },
      { field: '_id', direction, type: 'string' },
    ],
    page: input,
    read: readByTime(logs, filter, direction),
    count: () => logs.countDocuments(filter).exec(),
  });
}

/** Instances whose lines are merged from their own places of an index; with more, those of all customers are gone through. */
const MOST_INSTANCES = 100;

/** Users of a customer read the lines of its instances: those of all customers would be gone through for them. */
async function ofOwnInstances(
  { store }: Pick<Deps, 'store'>,
  ctx: RequestContext,
): Promise<{ instanceId: { $in: string[] } }[]> {
  if (ctx.actor.customerId === null) return [];
  const own = await store.instances
    .find(visibleTo(ctx), { _id: 1 })
    .limit(MOST_INSTANCES + 1)
    .lean<{ _id: string }[]>();
  return own.length > MOST_INSTANCES ? [] : [{ instanceId: { $in: own.map(({ _id }) => _id) } }];
}
