import { z } from 'zod';
import { indexedText } from '../../../store/indexed-text';
import { EXECUTION_STATUSES, type Execution } from '../../../store/models/execution.model';
import type { StoredRequest } from '../../../store/models/stored-exchange';
import { visibleTo } from '../../authorize';
import type { Deps, RequestContext } from '../../context';
import { isGiven } from '../../is-given';
import { type Page, pageInput, readPage } from '../../paging';
import { parseInput } from '../../parse-input';
import { RESULT_TYPES, type ResultType } from './result-type';

export const listExecutionsInput = pageInput.extend({
  instanceId: z.string().nullish(),
  customerId: z.string().nullish(),
  integrationId: z.string().nullish(),
  flowId: z.string().nullish(),
  isTest: z.boolean().nullish(),
  status: z.enum(EXECUTION_STATUSES).nullish(),
  startedAtGte: z.iso.datetime({ offset: true }).nullish().describe('Accepted then or later.'),
  hasError: z.boolean().nullish(),
  resultTypes: z
    .array(z.enum(RESULT_TYPES))
    .nullish()
    .describe('Polls that found nothing are listed only when they are asked for.'),
  retryRootId: z.string().nullish().describe('Those that try this one again.'),
  fanOutOf: z.string().nullish().describe('Those that got items of this one, the run of a batch trigger.'),
});

/** An execution as lists show it: without the request's body and without the answer. */
export type ExecutionSummary = Omit<Execution, 'request' | 'answer'> & {
  request: Omit<StoredRequest, 'body'>;
};

/** Executions, newest first. */
export async function listExecutions(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listExecutionsInput> = {},
): Promise<Page<ExecutionSummary>> {
  const input = parseInput(listExecutionsInput, raw);
  const { instanceId, customerId, integrationId, flowId, isTest, status, startedAtGte, hasError } = input;
  const { retryRootId, fanOutOf } = input;
  const conditions: Record<string, unknown>[] = [{ ...visibleTo(ctx) }];
  if (isGiven(instanceId)) conditions.push({ instanceId });
  if (isGiven(customerId)) conditions.push({ customerId });
  if (isGiven(integrationId)) conditions.push({ integrationId });
  if (isGiven(flowId)) conditions.push({ flowId });
  if (isGiven(isTest)) conditions.push({ isTest });
  if (isGiven(status)) conditions.push({ status });
  if (isGiven(startedAtGte)) conditions.push({ acceptedAt: { $gte: new Date(startedAtGte) } });
  conditions.push(ofResultType(input.resultTypes));
  if (isGiven(hasError)) conditions.push({ error: hasError ? { $ne: null } : null });
  if (isGiven(retryRootId)) conditions.push({ 'retryOf.rootId': indexedText(retryRootId) });
  if (isGiven(fanOutOf)) conditions.push({ fanOutOf: indexedText(fanOutOf) });
  return readPage({
    model: deps.store.executions,
    filter: { $and: conditions },
    // Not by id alone: that of a scheduled run is made from its tick and carries no time.
    sort: [
      { field: 'acceptedAt', direction: -1, type: 'date' },
      { field: '_id', direction: -1, type: 'string' },
    ],
    page: input,
    projection: { 'request.body': 0, answer: 0 },
  });
}

/** A run that went to its end has no result type of its own. */
function ofResultType(wanted: readonly ResultType[] | null | undefined): Record<string, unknown> {
  if (!isGiven(wanted)) return { resultType: { $ne: 'POLLED_NO_CHANGES' } };
  const conditions = wanted.map((resultType) => {
    if (resultType === 'ERROR') return { status: 'ERROR' };
    if (resultType !== 'COMPLETED') return { resultType };
    return { status: 'SUCCESS', resultType: { $in: [null, 'COMPLETED'] } };
  });
  return conditions.length > 0 ? { $or: conditions } : {};
}
