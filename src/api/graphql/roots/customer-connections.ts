import { createCustomerConnection } from '../../../services/shared-connections/create-customer-connection';
import { deleteCustomerConnection } from '../../../services/shared-connections/delete-customer-connection';
import { getCustomerConnection } from '../../../services/shared-connections/get-shared-connection';
import { updateCustomerConnection } from '../../../services/shared-connections/update-customer-connection';
import { viewCustomerConnections } from '../../../services/shared-connections/view-shared-connections';
import type { PageArgs } from '../connection';
import type { FieldsOf } from '../fields';
import { fromGlobalId, fromOptionalId } from '../global-id';
import { mutation } from '../mutation';
import { customerConnectionsOf, viewOneCustomerConnection } from '../types/shared-connection';
import { fieldsOf, type InputExpression } from './input-expressions';

interface ListArgs extends PageArgs {
  customer?: string | null;
  scopedConfigVariable?: string | null;
  scopedConfigVariable_StableKey?: string | null;
}

export const customerConnectionQueries: FieldsOf<unknown> = {
  customerConfigVariable: async (_, { id }: { id: string }, request) => {
    const { deps, ctx } = request;
    const own = await getCustomerConnection(deps, ctx, { id: fromGlobalId('CustomerConfigVariable', id) });
    return viewOneCustomerConnection(request, own);
  },
  customerConfigVariables: (_, args: ListArgs, request) =>
    customerConnectionsOf(request, {
      first: args.first,
      after: args.after,
      customerId: fromOptionalId('Customer', args.customer, 'customer'),
      sharedConnectionId: fromOptionalId(
        'ScopedConfigVariable',
        args.scopedConfigVariable,
        'scopedConfigVariable',
      ),
      stableKey: args.scopedConfigVariable_StableKey,
    }),
};

interface CreateInput {
  scopedConfigVariable: string;
  customer?: string | null;
  inputs?: InputExpression[] | null;
}

interface ChangeInput {
  id?: string | null;
  inputs?: InputExpression[] | null;
}

const NAMES = { customerId: 'customer', sharedConnectionId: 'scopedConfigVariable' };

export const customerConnectionMutations: FieldsOf<unknown> = {
  createCustomerConfigVariable: mutation(
    'customerConfigVariable',
    async ({ scopedConfigVariable, customer, inputs }: CreateInput, request) => {
      const { deps, ctx } = request;
      const given = fromOptionalId('Customer', customer, 'customer');
      const own = await createCustomerConnection(deps, ctx, {
        sharedConnectionId: fromGlobalId(
          'ScopedConfigVariable',
          scopedConfigVariable,
          'scopedConfigVariable',
        ),
        customerId: given ?? ctx.actor.customerId ?? '',
        inputs: fieldsOf(inputs),
      });
      return viewOneCustomerConnection(request, own);
    },
    NAMES,
  ),
  updateCustomerConfigVariable: mutation(
    'customerConfigVariable',
    async ({ id, inputs }: ChangeInput, request) => {
      const { deps, ctx } = request;
      const wanted = { id: fromGlobalId('CustomerConfigVariable', id ?? ''), inputs: fieldsOf(inputs) };
      return viewOneCustomerConnection(request, await updateCustomerConnection(deps, ctx, wanted));
    },
  ),
  deleteCustomerConfigVariable: mutation(
    'customerConfigVariable',
    async ({ id }: ChangeInput, { deps, ctx }) => {
      const wanted = { id: fromGlobalId('CustomerConfigVariable', id ?? '') };
      const own = await getCustomerConnection(deps, ctx, wanted);
      const [view] = await viewCustomerConnections(deps, ctx, [own]);
      await deleteCustomerConnection(deps, ctx, wanted);
      return view;
    },
  ),
};
