import type { ClientSession } from 'mongoose';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { Deps } from '../context';

/** Removes the tokens of shared connections, or of customers' values of them, and the consents that were begun. */
export async function removeTokens(
  { store }: Pick<Deps, 'store'>,
  sharedIds: string[],
  session: ClientSession,
): Promise<void> {
  await store.connections.deleteMany({ sharedId: { $in: sharedIds } }, { session });
  await store.consents.deleteMany({ sharedId: { $in: sharedIds } }, { session });
}

/** Removes everything that a customer has for shared connections, within the transaction that deletes the customer. */
export async function removeCustomerValues(
  deps: Pick<Deps, 'store'>,
  customerId: string,
  session: ClientSession,
): Promise<void> {
  const { customerConnections } = deps.store;
  const all = await customerConnections
    .find({ customerId }, { _id: 1 }, { session })
    .lean<Pick<CustomerConnection, '_id'>[]>();
  if (all.length === 0) return;
  await removeTokens(
    deps,
    all.map(({ _id }) => _id),
    session,
  );
  await customerConnections.deleteMany({ customerId }, { session });
}
