import { z } from 'zod';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { findSharedConnection } from './find-shared-connection';
import { removeTokens } from './remove-tokens';
import { refuseWhileUsed } from './users-of-shared';

export const deleteSharedConnectionInput = z.object({ id: z.string() });

/**
 * Deletes a shared connection with its tokens and the values that customers have for it. Refused with `invalid_state`,
 * naming them, while deployed instances use it. Throws `not_found`.
 */
export async function deleteSharedConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteSharedConnectionInput>,
): Promise<SharedConnection> {
  const { id } = parseInput(deleteSharedConnectionInput, raw);
  const shared = await findSharedConnection(deps, ctx, id);
  requireWriter(ctx);
  const { sharedConnections, customerConnections } = deps.store;
  await inTransaction(deps, async (session) => {
    await refuseWhileUsed(deps, shared, null, session);
    const ofCustomers = await customerConnections
      .find({ sharedConnectionId: id }, { _id: 1 }, { session })
      .lean<Pick<CustomerConnection, '_id'>[]>();
    await removeTokens(deps, [id, ...ofCustomers.map(({ _id }) => _id)], session);
    await customerConnections.deleteMany({ sharedConnectionId: id }, { session });
    await sharedConnections.deleteOne({ _id: id }, { session });
  });
  return shared;
}
