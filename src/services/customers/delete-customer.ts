import { z } from 'zod';
import { AppError } from '../../errors';
import type { Customer } from '../../store/models/customer.model';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { deleteInstance } from '../instances/delete-instance';
import { deleteIntegration } from '../integrations/delete-integration';
import { parseInput } from '../parse-input';
import { removeCustomerValues } from '../shared-connections/remove-tokens';
import { inTransaction } from '../transaction';
import { findCustomer } from './find-customer';

export const deleteCustomerInput = z.object({
  id: z.string(),
  force: z
    .boolean()
    .nullish()
    .describe('Also when an instance could not clear away what it set up elsewhere.'),
});

/** How often something may be added to the customer while it is being deleted. */
const TRIES = 3;

/** Deletes a customer with its instances, own integrations, users and values of shared connections. Throws `not_found`. */
export async function deleteCustomer(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteCustomerInput>,
): Promise<Customer> {
  const { id, force } = parseInput(deleteCustomerInput, raw);
  const customer = await findCustomer(deps, ctx, id);
  requireWriter(ctx);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    await deletePossessions(deps, ctx, id, force ?? false);
    if (await deleteIfBare(deps, id)) return customer;
  }
  throw new AppError('conflict', 'Instances were added to the customer while it was being deleted.');
}

async function deletePossessions(
  deps: Deps,
  ctx: RequestContext,
  customerId: string,
  force: boolean,
): Promise<void> {
  const { instances, integrations } = deps.store;
  const ofCustomer = await instances.find({ customerId, isSystem: false }, { _id: 1 }).lean<Instance[]>();
  for (const { _id } of ofCustomer) await deleteInstance(deps, ctx, { id: _id, force });
  const owned = await integrations.find({ customerId }, { _id: 1 }).lean<Integration[]>();
  for (const { _id } of owned) await deleteIntegration(deps, ctx, { id: _id });
}

/** Deletes the customer unless something was added meanwhile. */
function deleteIfBare(deps: Deps, customerId: string): Promise<boolean> {
  const { customers, instances, integrations, onPremiseResources, users } = deps.store;
  return inTransaction(deps, async (session) => {
    if (await instances.exists({ customerId }).session(session)) return false;
    if (await integrations.exists({ customerId }).session(session)) return false;
    await users.deleteMany({ customerId }, { session });
    await removeCustomerValues(deps, customerId, session);
    await onPremiseResources.deleteMany({ customerId }, { session });
    await customers.deleteOne({ _id: customerId }, { session });
    return true;
  });
}
