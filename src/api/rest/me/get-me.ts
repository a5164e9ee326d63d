import { z } from 'zod';
import { getCustomer } from '../../../services/customers/get-customer';
import { getOrganization } from '../../../services/organizations/get-organization';
import { getAuthenticatedUser } from '../../../services/users/get-authenticated-user';
import { CUSTOMER_ROLES, ORGANIZATION_ROLES } from '../../../store/models/user.model';
import { endpoint } from '../endpoint';
import { id } from '../fields';

const named = z.object({ id, name: z.string() });

export const getMeEndpoint = endpoint({
  operationId: 'getMe',
  method: 'get',
  path: '/me',
  tag: 'Me',
  summary: 'Who the access token speaks for',
  response: z.object({
    id,
    email: z.string(),
    name: z.string(),
    role: z.enum([...ORGANIZATION_ROLES, ...CUSTOMER_ROLES]),
    organization: named,
    customer: named.nullable().describe('Set for a user of a customer.'),
  }),
  async handler(deps, ctx) {
    const user = await getAuthenticatedUser(deps, ctx);
    const organization = await getOrganization(deps, ctx);
    const customer = user.customerId === null ? null : await getCustomer(deps, ctx, { id: user.customerId });
    return {
      id: user._id,
      email: user.email,
      name: user.name,
      role: user.role,
      organization: { id: organization._id, name: organization.name },
      customer: customer && { id: customer._id, name: customer.name },
    };
  },
});
