import { z } from 'zod';
import type { StepResult } from '../../../store/models/step-result.model';
import type { Deps, RequestContext } from '../../context';
import { isGiven } from '../../is-given';
import { type Page, pageInput, readPage, type SortField } from '../../paging';
import { parseInput } from '../../parse-input';
import { stepSource } from './step-source';
import { withoutOutput } from './without-output';

export const listStepResultsInput = pageInput.extend({
  executionId: z.string(),
  displayStepName: z.string().nullish().describe('The display name or the key of a step.'),
  orderBy: z
    .enum(['STARTED_AT', 'ENDED_AT'])
    .nullish()
    .describe('ENDED_AT, the order of finishing, if not given.'),
  descending: z.boolean().nullish(),
  withOutputs: z.boolean().nullish().describe('Brings inline outputs, up to 64 KB each, along.'),
  last: z.int().min(1).max(100).nullish().describe('Only that many at the end of the order.'),
  fromPreprocessFlow: z
    .boolean()
    .nullish()
    .describe('The steps of the preprocess flow that sent the delivery here, in place of its own.'),
});

/** A step result as lists show it; `getStepResult` has the output too. */
export type StepResultSummary = Omit<StepResult, 'output' | 'states' | 'statesBlobId'> &
  Partial<Pick<StepResult, 'output'>> & { fromPreprocessFlow: boolean };

const NONE: Page<StepResultSummary> = {
  nodes: [],
  cursors: [],
  endCursor: null,
  hasNextPage: false,
  totalCount: async () => 0,
};

/** The finished steps of one execution. Throws `not_found` for an unknown execution. */
export async function listStepResults(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listStepResultsInput>,
): Promise<Page<StepResultSummary>> {
  const input = parseInput(listStepResultsInput, raw);
  const { displayStepName, last } = input;
  const source = await stepSource(deps, ctx, input.executionId, input.fromPreprocessFlow);
  if (!source) return NONE;
  const { executionId, fromPreprocessFlow, isWithoutOutputs } = source;
  const isReversed = (input.descending ?? false) !== isGiven(last);
  const found = await readPage({
    model: deps.store.stepResults,
    filter: {
      executionId,
      ...(displayStepName ? { $or: [{ stepName: displayStepName }, { stepKey: displayStepName }] } : {}),
    },
    sort: orderOf(input.orderBy ?? 'ENDED_AT', isReversed ? -1 : 1),
    page: !isGiven(last) ? input : { first: last },
    projection: input.withOutputs
      ? { states: 0, statesBlobId: 0 }
      : { output: 0, states: 0, statesBlobId: 0 },
  });
  const shown = (step: (typeof found.nodes)[number]) => ({
    ...(isWithoutOutputs ? withoutOutput(step) : step),
    fromPreprocessFlow,
  });
  const page = { ...found, nodes: found.nodes.map(shown) };
  if (!displayStepName) page.totalCount = () => countOf(deps, executionId);
  if (!isGiven(last)) return page;
  // The last ones were read from the end; they are handed out in the order that was asked for.
  const cursors = page.cursors.toReversed();
  return {
    ...page,
    nodes: page.nodes.toReversed(),
    cursors,
    endCursor: cursors.at(-1) ?? null,
    hasNextPage: false,
  };
}

/** The ordinals of an execution have no gap, so the last one counts its steps; counting them reads them all. */
async function countOf({ store }: Deps, executionId: string): Promise<number> {
  const last = await store.stepResults
    .findOne({ executionId }, { ordinal: 1 })
    .sort({ ordinal: -1 })
    .lean<Pick<StepResult, 'ordinal'>>();
  return last ? last.ordinal + 1 : 0;
}

/** Unique within an execution, and an index's order: a page of a very long run costs no more than one of a short. */
function orderOf(orderBy: 'STARTED_AT' | 'ENDED_AT', direction: 1 | -1): SortField[] {
  const byFinish: SortField = { field: 'ordinal', direction, type: 'number' };
  return orderBy === 'ENDED_AT' ? [byFinish] : [{ field: 'startedAt', direction, type: 'date' }, byFinish];
}
