import { z } from 'zod';
import { indexedText } from '../../store/indexed-text';
import type { Customer } from '../../store/models/customer.model';
import type { Deps, RequestContext } from '../context';
import {
  DESCRIBED_ORDER,
  describedConditions,
  describedFilters,
  orderInput,
  sortOf,
} from '../described-list';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';

export const listCustomersInput = pageInput.extend({
  ...describedFilters,
  externalId: z.string().nullish(),
  hasExternalId: z.boolean().nullish(),
  order: orderInput(DESCRIBED_ORDER),
});

/** Customers by name unless another order is asked for; users of a customer see their own only. */
export async function listCustomers(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listCustomersInput> = {},
): Promise<Page<Customer>> {
  const input = parseInput(listCustomersInput, raw);
  const { organizationId, customerId } = ctx.actor;
  const conditions: Record<string, unknown>[] = [{ organizationId }, ...describedConditions(input)];
  if (customerId !== null) conditions.push({ _id: customerId });
  if (isGiven(input.externalId)) conditions.push({ externalId: indexedText(input.externalId) });
  if (isGiven(input.hasExternalId))
    conditions.push({ externalId: input.hasExternalId ? { $ne: null } : null });
  return readPage({
    model: deps.store.customers,
    filter: { $and: conditions },
    sort: sortOf(DESCRIBED_ORDER, input.order),
    page: input,
  });
}
