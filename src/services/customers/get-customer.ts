import { z } from 'zod';
import type { Customer } from '../../store/models/customer.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findCustomer } from './find-customer';

export const getCustomerInput = z.object({ id: z.string() });

/** One customer; users of a customer see their own only. Throws `not_found`. */
export async function getCustomer(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getCustomerInput>,
): Promise<Customer> {
  const { id } = parseInput(getCustomerInput, raw);
  return findCustomer(deps, ctx, id);
}
