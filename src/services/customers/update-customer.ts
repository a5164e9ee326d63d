import { z } from 'zod';
import { notFound } from '../../errors';
import type { Customer } from '../../store/models/customer.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { duplicateAsConflict } from '../transaction';
import { CUSTOMER_CONFLICTS, findCustomer } from './find-customer';

export const updateCustomerInput = z.object({
  id: z.string(),
  name: nameInput('A customer').nullish(),
  description: z.string().nullish(),
  externalId: z.string().trim().nullish().describe('Null or empty removes it.'),
  labels: z.array(z.string()).nullish().describe('Replace the old ones.'),
});

/** Changes the fields that are given; a name or external id that is taken is a `conflict`. */
export async function updateCustomer(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateCustomerInput>,
): Promise<Customer> {
  const input = parseInput(updateCustomerInput, raw);
  await findCustomer(deps, ctx, input.id);
  requireWriter(ctx);
  const changes: Partial<Customer> = { updatedAt: new Date() };
  if (isGiven(input.name)) changes.name = input.name;
  if (isGiven(input.description)) changes.description = input.description;
  if (input.externalId !== undefined) changes.externalId = input.externalId || null;
  if (isGiven(input.labels)) changes.labels = input.labels;
  try {
    const changed = await deps.store.customers
      .findOneAndUpdate({ _id: input.id }, { $set: changes }, { returnDocument: 'after' })
      .lean<Customer>();
    if (!changed) throw notFound('The customer');
    return changed;
  } catch (error) {
    throw duplicateAsConflict(error, CUSTOMER_CONFLICTS);
  }
}
