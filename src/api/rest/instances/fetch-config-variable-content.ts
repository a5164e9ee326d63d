import { z } from 'zod';
import { fetchVariableContent } from '../../../services/data-sources/fetch-variable-content';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

const contentView = z
  .object({
    dataSourceType: z.string().nullable().describe('Says the shape: `picklist`, `jsonForm` …'),
    content: z.unknown().describe('What may be chosen, or the form to fill in.'),
  })
  .meta({ id: 'ConfigVariableContent' });

export const fetchConfigVariableContentEndpoint = endpoint({
  operationId: 'fetchConfigVariableContent',
  method: 'post',
  path: '/instances/{id}/config-variables/{key}/content',
  tag: 'Instances',
  summary: 'Ask the data source of a config variable',
  description:
    'A worker calls the data source with the draft configuration, for at most 30 s. Nothing is kept of the answer.',
  params: idParams.extend({ key: z.string().min(1).describe('Key of the config variable.') }),
  response: contentView,
  codes: ['forbidden', 'not_found', 'invalid_state', 'component_failed', 'dependency_unavailable'],
  async handler(deps, ctx, { params }) {
    const { content, dataSourceType } = await fetchVariableContent(deps, ctx, params);
    return { dataSourceType, content: JSON.parse(content) as unknown };
  },
});
