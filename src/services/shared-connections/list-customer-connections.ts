import { z } from 'zod';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import { visibleTo } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { visibleShared } from './find-shared-connection';

export const listCustomerConnectionsInput = pageInput.extend({
  sharedConnectionId: z.string().nullish(),
  stableKey: z.string().nullish().describe('Of the shared connection.'),
  customerId: z.string().nullish(),
});

/** Customers' values of shared connections, oldest first; users of a customer see those that are theirs to set. */
export async function listCustomerConnections(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listCustomerConnectionsInput> = {},
): Promise<Page<CustomerConnection>> {
  const { sharedConnectionId, stableKey, customerId, ...page } = parseInput(
    listCustomerConnectionsInput,
    raw,
  );
  const visible: Record<string, unknown>[] = [visibleShared(ctx)];
  if (isGiven(sharedConnectionId)) visible.push({ _id: sharedConnectionId });
  if (isGiven(stableKey)) visible.push({ stableKey });
  const shared = await deps.store.sharedConnections.distinct('_id', { $and: visible });
  const conditions: Record<string, unknown>[] = [visibleTo(ctx), { sharedConnectionId: { $in: shared } }];
  if (isGiven(customerId)) conditions.push({ customerId });
  return readPage({
    model: deps.store.customerConnections,
    filter: { $and: conditions },
    sort: [
      { field: 'createdAt', direction: 1, type: 'date' },
      { field: '_id', direction: 1, type: 'string' },
    ],
    page,
  });
}
