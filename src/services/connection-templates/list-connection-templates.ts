import { z } from 'zod';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';
import { visibleTemplates } from './find-connection-template';

export const listConnectionTemplatesInput = pageInput.extend({
  search: z.string().nullish().describe('Part of the name.'),
  component: z.object({ key: z.string(), isPublic: z.boolean().nullish() }).nullish(),
  connection: z.string().nullish().describe('Key of the kind of connection.'),
  isDescending: z.boolean().nullish(),
});

/** Presets of connections by name; users of a customer are shown none. */
export async function listConnectionTemplates(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listConnectionTemplatesInput> = {},
): Promise<Page<ConnectionTemplate>> {
  const { search, component, connection, isDescending, ...page } = parseInput(
    listConnectionTemplatesInput,
    raw,
  );
  const conditions: Record<string, unknown>[] = [visibleTemplates(ctx)];
  if (search) conditions.push({ name: containing(search) });
  if (isGiven(connection)) conditions.push({ connection });
  if (isGiven(component)) conditions.push({ 'component.key': component.key });
  if (isGiven(component?.isPublic)) conditions.push({ 'component.isPublic': component.isPublic });
  const direction = isDescending ? -1 : 1;
  return readPage({
    model: deps.store.connectionTemplates,
    filter: { $and: conditions },
    sort: [
      { field: 'name', direction, type: 'string' },
      { field: '_id', direction, type: 'string' },
    ],
    page,
  });
}
