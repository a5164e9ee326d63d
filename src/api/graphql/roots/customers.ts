import { createCustomer } from '../../../services/customers/create-customer';
import { deleteCustomer } from '../../../services/customers/delete-customer';
import { getCustomer } from '../../../services/customers/get-customer';
import { listCustomers } from '../../../services/customers/list-customers';
import { updateCustomer } from '../../../services/customers/update-customer';
import { getAuthenticatedUser } from '../../../services/users/get-authenticated-user';
import { connectionOf, listConnection, type PageArgs } from '../connection';
import { type DescribedArgs, type DescribedOrder, describedInput } from '../described-args';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';
import { withoutNulls } from '../without-nulls';

interface CustomersArgs extends PageArgs, DescribedArgs<DescribedOrder> {
  isSystem?: boolean | null;
  externalId?: string | null;
  externalId_Isnull?: boolean | null;
}

export const customerQueries: FieldsOf<unknown> = {
  authenticatedUser: (_, _args, { deps, ctx }) => getAuthenticatedUser(deps, ctx),
  organization: (_, _args, { load }) => load.organization(),
  customer: (_, { id }: { id: string }, { deps, ctx }) =>
    getCustomer(deps, ctx, { id: fromGlobalId('Customer', id) }),
  customers: async (_, args: CustomersArgs, { deps, ctx }) => {
    // No customer is the system's own.
    if (args.isSystem) return listConnection([], args);
    const { first, after, externalId } = args;
    const hasExternalId = args.externalId_Isnull == null ? undefined : !args.externalId_Isnull;
    const filters = { externalId, hasExternalId, ...describedInput(args) };
    return connectionOf(await listCustomers(deps, ctx, { first, after, ...filters }));
  },
};

interface CustomerInput {
  id?: string | null;
  name: string;
  description?: string | null;
  externalId?: string | null;
  labels?: (string | null)[] | null;
}

export const customerMutations: FieldsOf<unknown> = {
  createCustomer: mutation('customer', (input: CustomerInput, { deps, ctx }) => {
    const { name, description, externalId } = input;
    return createCustomer(deps, ctx, { name, description, externalId, labels: withoutNulls(input.labels) });
  }),
  updateCustomer: mutation('customer', (input: Partial<CustomerInput>, { deps, ctx }) => {
    const id = fromGlobalId('Customer', input.id ?? '');
    const { name, description, externalId } = input;
    return updateCustomer(deps, ctx, {
      id,
      name,
      description,
      externalId,
      labels: withoutNulls(input.labels),
    });
  }),
  deleteCustomer: mutation(
    'customer',
    ({ id, force }: { id?: string | null; force?: boolean | null }, { deps, ctx }) =>
      deleteCustomer(deps, ctx, { id: fromGlobalId('Customer', id ?? ''), force }),
  ),
};
