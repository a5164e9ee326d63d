import { z } from 'zod';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { findCustomerConnection } from './find-shared-connection';
import { removeTokens } from './remove-tokens';
import { refuseWhileUsed } from './users-of-shared';

export const deleteCustomerConnectionInput = z.object({ id: z.string() });

/**
 * Deletes a customer's values of a shared connection, with their token. Refused with `invalid_state`, naming them,
 * while deployed instances of the customer use it. Throws `not_found`.
 */
export async function deleteCustomerConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteCustomerConnectionInput>,
): Promise<CustomerConnection> {
  const { id } = parseInput(deleteCustomerConnectionInput, raw);
  const { own, shared } = await findCustomerConnection(deps, ctx, id);
  requireInstanceWriter(ctx, own);
  await inTransaction(deps, async (session) => {
    await refuseWhileUsed(deps, shared, own.customerId, session);
    await removeTokens(deps, [id], session);
    await deps.store.customerConnections.deleteOne({ _id: id }, { session });
  });
  return own;
}
