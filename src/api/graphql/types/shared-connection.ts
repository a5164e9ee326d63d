import { listCustomerConnections } from '../../../services/shared-connections/list-customer-connections';
import {
  type CustomerConnectionView,
  type SharedConnectionView,
  type ValuesView,
  viewCustomerConnections,
  viewSharedConnections,
} from '../../../services/shared-connections/view-shared-connections';
import type { CustomerConnection } from '../../../store/models/customer-connection.model';
import { connectionOf, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { fromOptionalId, toGlobalId } from '../global-id';
import type { GraphqlRequest } from '../request';

const valuesFields: FieldsOf<ValuesView> = {
  ...same<ValuesView>('status', 'statusReason', 'authorizeUrl', 'refreshAt', 'lastSuccessfulRefreshAt'),
  inputs: ({ inputs }) => ({ nodes: inputs }),
};

export const scopedConfigVariableFields: FieldsOf<SharedConnectionView> = {
  ...valuesFields,
  ...same<SharedConnectionView>('stableKey', 'description'),
  id: (shared) => toGlobalId('ScopedConfigVariable', shared._id),
  key: (shared) => shared.name,
  managedBy: (shared) => shared.managedBy.toUpperCase(),
  variableScope: (shared) => shared.variableScope.toUpperCase(),
  customer: () => null,
  connection: ({ connection }, _args, { load }) => load.connectionType(connection.component, connection.key),
  customerConfigVariables: (shared, args: PageArgs & { customer?: string | null }, request) =>
    customerConnectionsOf(request, {
      first: args.first,
      after: args.after,
      sharedConnectionId: shared._id,
      customerId: fromOptionalId('Customer', args.customer, 'customer'),
    }),
};

export const customerConfigVariableFields: FieldsOf<CustomerConnectionView> = {
  ...valuesFields,
  id: (own) => toGlobalId('CustomerConfigVariable', own._id),
  customer: (own, _args, { load }) => load.customer(own.customerId),
  scopedConfigVariable: async (own, _args, { deps, ctx }) =>
    (await viewSharedConnections(deps, ctx, [own.shared]))[0],
};

/** A page of customers' values, as readers see them. */
export async function customerConnectionsOf(
  { deps, ctx }: GraphqlRequest,
  wanted: Parameters<typeof listCustomerConnections>[2],
) {
  const page = await listCustomerConnections(deps, ctx, wanted);
  return connectionOf({ ...page, nodes: await viewCustomerConnections(deps, ctx, page.nodes) });
}

/** One customer's values, as readers see them; null when their shared connection was deleted meanwhile. */
export async function viewOneCustomerConnection({ deps, ctx }: GraphqlRequest, own: CustomerConnection) {
  return (await viewCustomerConnections(deps, ctx, [own]))[0] ?? null;
}
