import { z } from 'zod';
import { notFound } from '../../../errors';
import type { Deps, RequestContext } from '../../../services/context';
import { viewCustomerConnections } from '../../../services/shared-connections/view-shared-connections';
import type { CustomerConnection } from '../../../store/models/customer-connection.model';
import { id, time, timeText } from '../fields';
import { presentValues, valuesFields } from '../shared-connections/shared-connection-view';

export const customerConnectionView = z
  .object({
    id,
    sharedConnectionId: id,
    stableKey: z.string().describe('Of the shared connection.'),
    customerId: id,
    ...valuesFields,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'CustomerConnection' });

/** Customers' values of shared connections as an answer. */
export async function presentCustomerConnections(
  deps: Deps,
  ctx: RequestContext,
  all: CustomerConnection[],
): Promise<z.input<typeof customerConnectionView>[]> {
  const views = await viewCustomerConnections(deps, ctx, all);
  return views.map((view) => ({
    id: view._id,
    sharedConnectionId: view.sharedConnectionId,
    stableKey: view.shared.stableKey,
    customerId: view.customerId,
    ...presentValues(view),
    createdAt: timeText(view.createdAt),
    updatedAt: timeText(view.updatedAt),
  }));
}

/** The same for one. Throws `not_found` when its shared connection was deleted meanwhile. */
export async function presentCustomerConnection(deps: Deps, ctx: RequestContext, own: CustomerConnection) {
  const [view] = await presentCustomerConnections(deps, ctx, [own]);
  if (!view) throw notFound('The shared connection');
  return view;
}
