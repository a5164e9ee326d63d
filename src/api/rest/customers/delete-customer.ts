import { z } from 'zod';
import { deleteCustomer } from '../../../services/customers/delete-customer';
import { endpoint } from '../endpoint';
import { flagQuery, idParams } from '../fields';

export const deleteCustomerEndpoint = endpoint({
  operationId: 'deleteCustomer',
  method: 'delete',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Delete a customer with its instances',
  params: idParams,
  query: z.strictObject({
    force: flagQuery
      .optional()
      .describe('Also when an instance could not clear away what it set up elsewhere.'),
  }),
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state', 'component_failed'],
  async handler(deps, ctx, { params, query }) {
    await deleteCustomer(deps, ctx, { ...params, force: query.force });
  },
});
