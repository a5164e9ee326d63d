import { notFound } from '../../errors';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import { requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';

/** The filter for the shared connections that the actor may know of: users of a customer see what customers set. */
export function visibleShared({ actor }: RequestContext): Record<string, unknown> {
  const { organizationId, customerId } = actor;
  if (customerId === null) return { organizationId };
  return { organizationId, variableScope: 'customer', managedBy: 'customer' };
}

/** The shared connection with that id, if the actor may know of it. Throws `not_found`. */
export async function findSharedConnection(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  id: string,
): Promise<SharedConnection> {
  const found = await deps.store.sharedConnections
    .findOne({ $and: [{ _id: id }, visibleShared(ctx)] })
    .lean<SharedConnection>();
  if (!found) throw notFound('The shared connection');
  return found;
}

/** A customer's values of a shared connection, with it, if the actor may know of both. Throws `not_found`. */
export async function findCustomerConnection(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  id: string,
): Promise<{ own: CustomerConnection; shared: SharedConnection }> {
  const found = await deps.store.customerConnections.findById(id).lean<CustomerConnection>();
  const own = requireVisible(ctx, found, 'The customer’s values of a shared connection');
  return { own, shared: await findSharedConnection(deps, ctx, own.sharedConnectionId) };
}
