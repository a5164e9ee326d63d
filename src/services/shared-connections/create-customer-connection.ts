import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError, notFound } from '../../errors';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { parseInput } from '../parse-input';
import { duplicateAsConflict, holdParent, inTransaction } from '../transaction';
import { applyFields, fieldsInput } from './apply-fields';
import { findSharedConnection } from './find-shared-connection';
import { keptFromCustomers } from './kept-from-customers';
import { connectionTypeOf, sealFields } from './shared-variable';

export const createCustomerConnectionInput = z.object({
  sharedConnectionId: z.string(),
  customerId: z.string(),
  inputs: fieldsInput
    .nullish()
    .describe(
      'Fields by name, as in the shared connection; what is left out has the value that it has there.',
    ),
});

/**
 * Gives a customer values of a shared connection, so that the customer's instances can use it. Throws `not_found`,
 * `invalid_state` when it has one set of values for all, `conflict` when the customer has values already.
 */
export async function createCustomerConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createCustomerConnectionInput>,
): Promise<CustomerConnection> {
  const input = parseInput(createCustomerConnectionInput, raw);
  const shared = await findSharedConnection(deps, ctx, input.sharedConnectionId);
  const { _id: customerId, organizationId } = await findCustomer(deps, ctx, input.customerId);
  requireInstanceWriter(ctx, { customerId });
  if (shared.variableScope !== 'customer') {
    throw new AppError(
      'invalid_state',
      `"${shared.name}" has one set of values for all customers: set it there.`,
    );
  }
  const kept = keptFromCustomers(ctx, shared);
  const fields = applyFields(connectionTypeOf(shared), new Map(), input.inputs ?? [], kept);
  const now = new Date();
  const own: CustomerConnection = {
    _id: randomUUID(),
    organizationId,
    sharedConnectionId: shared._id,
    customerId,
    sealedInputs: sealFields(deps.sealer, fields),
    createdAt: now,
    updatedAt: now,
  };
  const { customers, sharedConnections, customerConnections } = deps.store;
  try {
    await inTransaction(deps, async (session) => {
      if (!(await holdParent(customers, customerId, session))) throw notFound('The customer');
      if (!(await holdParent(sharedConnections, shared._id, session)))
        throw notFound('The shared connection');
      await customerConnections.create([own], { session });
    });
  } catch (error) {
    const message = `The customer has values of "${shared.name}" already: change those.`;
    throw duplicateAsConflict(error, { customerId: { field: 'customerId', message } });
  }
  return own;
}
