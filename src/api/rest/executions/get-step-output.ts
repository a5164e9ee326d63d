import { z } from 'zod';
import { getStepResult } from '../../../services/executions/read/get-step-result';
import { readStepOutput } from '../../../services/executions/read/read-step-output';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { outputJson } from './output-json';

export const getStepOutputEndpoint = endpoint({
  operationId: 'getExecutionStepOutput',
  method: 'get',
  path: '/executions/{id}/step-output',
  tag: 'Executions',
  summary: 'Get the whole output of one step',
  params: idParams,
  query: z.strictObject({ path: z.string().min(1).describe('The `path` of the step in the list of steps.') }),
  response: z.object({
    data: z.unknown().describe('Bytes as `{ type: "Buffer", base64 }`.'),
    contentType: z.string().nullable(),
  }),
  codes: ['not_found'],
  async handler(deps, ctx, { params, query }) {
    const step = await getStepResult(deps, ctx, { id: `${params.id}/${query.path}` });
    const output = await readStepOutput(deps, step);
    return { data: outputJson(output.data), contentType: output.contentType ?? null };
  },
});
