import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Customer } from '../../store/models/customer.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { duplicateAsConflict } from '../transaction';
import { CUSTOMER_CONFLICTS } from './find-customer';

export const createCustomerInput = z.object({
  name: nameInput('A customer'),
  description: z.string().nullish(),
  externalId: z
    .string()
    .trim()
    .nullish()
    .describe('The id that your own system gives this customer; unique.'),
  labels: z.array(z.string()).nullish(),
});

/** Creates a customer; a name or external id that is taken is a `conflict`. */
export async function createCustomer(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createCustomerInput>,
): Promise<Customer> {
  requireWriter(ctx);
  const input = parseInput(createCustomerInput, raw);
  const now = new Date();
  const customer: Customer = {
    _id: randomUUID(),
    organizationId: ctx.actor.organizationId,
    name: input.name,
    externalId: input.externalId || null,
    description: input.description ?? '',
    labels: input.labels ?? [],
    createdAt: now,
    updatedAt: now,
  };
  try {
    await deps.store.customers.create(customer);
  } catch (error) {
    throw duplicateAsConflict(error, CUSTOMER_CONFLICTS);
  }
  return customer;
}
