import { z } from 'zod';
import { listCustomers } from '../../../services/customers/list-customers';
import { endpoint } from '../endpoint';
import { pageOf, pageQuery, presentPage } from '../fields';
import { customerView, presentCustomer } from './customer-view';

export const listCustomersEndpoint = endpoint({
  operationId: 'listCustomers',
  method: 'get',
  path: '/customers',
  tag: 'Customers',
  summary: 'List customers',
  query: pageQuery.extend({ search: z.string().optional().describe('Part of the name or the external id.') }),
  response: pageOf(customerView),
  async handler(deps, ctx, { query }) {
    return presentPage(await listCustomers(deps, ctx, query), presentCustomer);
  },
});
