import { z } from 'zod';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';
import { visibleShared } from './find-shared-connection';

export const listSharedConnectionsInput = pageInput.extend({
  search: z.string().nullish().describe('Part of the name.'),
  stableKeys: z.array(z.string()).nullish(),
  managedBy: z.array(z.string()).nullish(),
  variableScope: z.array(z.string()).nullish(),
  components: z.array(z.object({ key: z.string(), isPublic: z.boolean() })).nullish(),
});

/** Shared connections by name; users of a customer see those that customers manage. */
export async function listSharedConnections(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listSharedConnectionsInput> = {},
): Promise<Page<SharedConnection>> {
  const { search, stableKeys, managedBy, variableScope, components, ...page } = parseInput(
    listSharedConnectionsInput,
    raw,
  );
  const conditions: Record<string, unknown>[] = [visibleShared(ctx)];
  if (search) conditions.push({ name: containing(search) });
  if (isGiven(stableKeys)) conditions.push({ stableKey: { $in: stableKeys } });
  if (isGiven(managedBy)) conditions.push({ managedBy: { $in: managedBy } });
  if (isGiven(variableScope)) conditions.push({ variableScope: { $in: variableScope } });
  if (isGiven(components)) {
    const any = components.map(({ key, isPublic }) => ({
      'component.key': key,
      'component.isPublic': isPublic,
    }));
    conditions.push(any.length === 0 ? { _id: null } : { $or: any });
  }
  return readPage({
    model: deps.store.sharedConnections,
    filter: { $and: conditions },
    sort: [
      { field: 'name', direction: 1, type: 'string' },
      { field: '_id', direction: 1, type: 'string' },
    ],
    page,
  });
}
