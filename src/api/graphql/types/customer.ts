import { listInstances } from '../../../services/instances/list-instances';
import type { Customer } from '../../../store/models/customer.model';
import { connectionOf, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { fromOptionalId, toGlobalId } from '../global-id';

interface InstanceArgs extends PageArgs {
  integration?: string | null;
  name_Icontains?: string | null;
}

export const customerFields: FieldsOf<Customer> = {
  ...same<Customer>('name', 'description', 'externalId', 'labels', 'createdAt', 'updatedAt'),
  id: (customer) => toGlobalId('Customer', customer._id),
  instances: async (customer, args: InstanceArgs, { deps, ctx }) =>
    connectionOf(
      await listInstances(deps, ctx, {
        first: args.first,
        after: args.after,
        customerId: customer._id,
        integrationId: fromOptionalId('Integration', args.integration, 'integration'),
        search: args.name_Icontains,
      }),
    ),
};
