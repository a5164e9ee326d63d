import { invalidField } from '../../../errors';
import { fetchDataSourceContent } from '../../../services/data-sources/fetch-data-source-content';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';
import type { ActionSource } from '../sources';

interface FetchInput {
  id?: string | null;
  dataSource?: string | null;
  inputs?: ({ name: string; type?: string | null; value?: string | null } | null)[] | null;
}

export const dataSourceMutations: FieldsOf<unknown> = {
  fetchDataSourceContent: mutation(
    'fetchDataSourceContentResult',
    async ({ id, dataSource, inputs }: FetchInput, { deps, ctx }) => {
      const { componentId, key } = sourceOf(dataSource ?? '');
      const fetched = await fetchDataSourceContent(deps, ctx, {
        instanceId: fromGlobalId('Instance', id ?? ''),
        componentId,
        key,
        inputs: inputs?.filter((input) => input !== null),
      });
      const { component, dataSource: action, instance, content } = fetched;
      return {
        content,
        instance,
        dataSource: { component, kind: 'dataSource', action } satisfies ActionSource,
      };
    },
    { instanceId: 'id', componentId: 'dataSource', key: 'dataSource' },
  ),
};

/** Of the id that an action of a component has. */
function sourceOf(id: string): { componentId: string; key: string } {
  const [componentId = '', kind, ...key] = fromGlobalId('Action', id, 'dataSource').split('/');
  if (kind !== 'dataSource') throw invalidField('dataSource', 'This is no data source.');
  return { componentId, key: key.join('/') };
}
