import { z } from 'zod';
import type { Customer } from '../../store/models/customer.model';
import type { Deps, RequestContext } from '../context';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';

export const listCustomersInput = pageInput.extend({
  search: z.string().nullish().describe('Part of the name.'),
});

/** Customers by name; users of a customer see their own only. */
export async function listCustomers(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listCustomersInput> = {},
): Promise<Page<Customer>> {
  const input = parseInput(listCustomersInput, raw);
  const { organizationId, customerId } = ctx.actor;
  return readPage({
    model: deps.store.customers,
    filter: {
      organizationId,
      ...(customerId === null ? {} : { _id: customerId }),
      ...(input.search ? { name: containing(input.search) } : {}),
    },
    sort: [
      { field: 'name', direction: 1, type: 'string' },
      { field: '_id', direction: 1, type: 'string' },
    ],
    page: input,
  });
}
