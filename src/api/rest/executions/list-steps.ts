import { z } from 'zod';
import { listStepResults } from '../../../services/executions/read/list-step-results';
import { readStepOutput } from '../../../services/executions/read/read-step-output';
import { endpoint } from '../endpoint';
import { flagQuery, idParams, pageOf, pageQuery } from '../fields';
import { outputJson } from './output-json';
import { presentStep, stepView } from './step-view';

/** Outputs up to this size are shown in the list. */
const INLINE_OUTPUT_BYTES = 32 * 1024;

export const listStepsEndpoint = endpoint({
  operationId: 'listExecutionSteps',
  method: 'get',
  path: '/executions/{id}/steps',
  tag: 'Executions',
  summary: 'List the finished steps in the order in which they finished',
  params: idParams,
  query: pageQuery.extend({
    name: z.string().optional().describe('Only steps of this display name.'),
    fromPreprocessFlow: flagQuery
      .optional()
      .describe('The steps of the preprocess flow that sent the delivery here, in place of its own.'),
  }),
  response: pageOf(stepView),
  codes: ['not_found'],
  async handler(deps, ctx, { params, query }) {
    const { name, fromPreprocessFlow, ...page } = query;
    const found = await listStepResults(deps, ctx, {
      ...page,
      executionId: params.id,
      withOutputs: true,
      fromPreprocessFlow,
      ...(name === undefined ? {} : { displayStepName: name }),
    });
    const items = found.nodes.map(async (step) => {
      const isInline = step.output != null && step.output.length <= INLINE_OUTPUT_BYTES;
      return presentStep(step, isInline ? outputJson((await readStepOutput(deps, step)).data) : null);
    });
    return { items: await Promise.all(items), endCursor: found.endCursor, hasNextPage: found.hasNextPage };
  },
});
