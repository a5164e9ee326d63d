import { z } from 'zod';
import type { Instance } from '../../store/models/instance.model';
import { visibleTo } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';

export const listInstancesInput = pageInput.extend({
  customerId: z.string().nullish(),
  integrationId: z.string().nullish().describe('Of an integration or of one of its versions.'),
  search: z.string().nullish().describe('Part of the name.'),
  isSystem: z.boolean().nullish().describe('True lists the test instances of integrations instead.'),
});

/** Instances by name. */
export async function listInstances(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listInstancesInput> = {},
): Promise<Page<Instance>> {
  const { customerId, integrationId, search, isSystem, ...page } = parseInput(listInstancesInput, raw);
  const conditions: Record<string, unknown>[] = [{ ...visibleTo(ctx), isSystem: isSystem ?? false }];
  if (isGiven(customerId)) conditions.push({ customerId });
  if (isGiven(integrationId)) conditions.push({ $or: [{ integrationId }, { versionId: integrationId }] });
  if (search) conditions.push({ name: containing(search) });
  return readPage({
    model: deps.store.instances,
    filter: { $and: conditions },
    sort: [
      { field: 'name', direction: 1, type: 'string' },
      { field: '_id', direction: 1, type: 'string' },
    ],
    page,
  });
}
