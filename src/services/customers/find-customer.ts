import { notFound } from '../../errors';
import type { Customer } from '../../store/models/customer.model';
import type { Deps, RequestContext } from '../context';

/** The customer with that id, if the actor may know of it. Throws `not_found`. */
export async function findCustomer(deps: Deps, ctx: RequestContext, id: string): Promise<Customer> {
  const customer = await deps.store.customers.findById(id).lean<Customer>();
  const { actor } = ctx;
  const isVisible =
    customer?.organizationId === actor.organizationId &&
    (actor.customerId === null || actor.customerId === customer._id);
  if (!customer || !isVisible) throw notFound('The customer');
  return customer;
}

/** What a duplicate of a unique field is answered with. */
export const CUSTOMER_CONFLICTS = {
  name: { field: 'name', message: 'There is already a customer of this name; choose another.' },
  externalId: { field: 'externalId', message: 'Another customer has this external id; each is used once.' },
};
