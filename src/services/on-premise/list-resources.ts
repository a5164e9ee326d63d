import { z } from 'zod';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import { visibleTo } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';
import { havingStatus, RESOURCE_STATUSES } from './resource-status';

export const listResourcesInput = pageInput.extend({
  customerId: z.string().nullish(),
  isOfCustomer: z.boolean().nullish().describe('False for the organization’s own.'),
  name: z.string().nullish(),
  search: z.string().nullish().describe('Part of the name.'),
  status: z.enum(RESOURCE_STATUSES).nullish(),
});

/** On-premise resources by name; users of a customer see that customer's. */
export async function listOnPremiseResources(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  raw: z.input<typeof listResourcesInput> = {},
): Promise<Page<OnPremiseResource>> {
  const { customerId, isOfCustomer, name, search, status, ...page } = parseInput(listResourcesInput, raw);
  const conditions: Record<string, unknown>[] = [visibleTo(ctx)];
  if (isGiven(customerId)) conditions.push({ customerId });
  if (isGiven(isOfCustomer)) conditions.push({ customerId: isOfCustomer ? { $ne: null } : null });
  if (isGiven(name)) conditions.push({ name });
  if (search) conditions.push({ name: containing(search) });
  if (status) conditions.push(havingStatus(status));
  return readPage({
    model: deps.store.onPremiseResources,
    filter: { $and: conditions },
    sort: [
      { field: 'name', direction: 1, type: 'string' },
      { field: '_id', direction: 1, type: 'string' },
    ],
    page,
  });
}
