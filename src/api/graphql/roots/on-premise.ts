import { createAgentToken } from '../../../services/on-premise/create-agent-token';
import { deleteOnPremiseResource } from '../../../services/on-premise/delete-resource';
import { getOnPremiseResource } from '../../../services/on-premise/find-resource';
import { listOnPremiseResources, type listResourcesInput } from '../../../services/on-premise/list-resources';
import { statusOf } from '../../../services/on-premise/resource-status';
import { rotateAgentToken } from '../../../services/on-premise/rotate-agent-token';
import type { OnPremiseResource } from '../../../store/models/on-premise-resource.model';
import { connectionOf, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { fromGlobalId, fromOptionalId, toGlobalId } from '../global-id';
import { mutation } from '../mutation';

type Status = (typeof listResourcesInput)['_output']['status'];

interface ListArgs extends PageArgs {
  customer?: string | null;
  customer_Isnull?: boolean | null;
  name?: string | null;
  name_Icontains?: string | null;
  status?: string | null;
}

export const onPremiseQueries: FieldsOf<unknown> = {
  onPremiseResource: (_, { id }: { id: string }, { deps, ctx }) =>
    getOnPremiseResource(deps, ctx, { id: fromGlobalId('OnPremiseResource', id) }),
  onPremiseResources: async (_, args: ListArgs, { deps, ctx }) =>
    connectionOf(
      await listOnPremiseResources(deps, ctx, {
        first: args.first,
        after: args.after,
        customerId: fromOptionalId('Customer', args.customer, 'customer'),
        isOfCustomer: args.customer_Isnull == null ? null : !args.customer_Isnull,
        name: args.name,
        search: args.name_Icontains,
        status: args.status?.toUpperCase() as Status,
      }),
    ),
};

interface TokenInput {
  customerId?: string | null;
  orgOnly?: boolean | null;
  resourceId?: string | null;
}

const resourceIdOf = (id: string | null | undefined, argument: string) =>
  fromOptionalId('OnPremiseResource', id, argument);

export const onPremiseMutations: FieldsOf<unknown> = {
  createOnPremiseResourceJWT: mutation(
    'result',
    async ({ customerId, orgOnly, resourceId }: TokenInput, { deps, ctx }) => {
      const { jwt } = await createAgentToken(deps, ctx, {
        customerId: fromOptionalId('Customer', customerId, 'customerId'),
        orgOnly,
        resourceId: resourceIdOf(resourceId, 'resourceId'),
      });
      return { jwt };
    },
  ),
  rotateOnPremiseResourceJWT: mutation('result', async ({ resourceId }: TokenInput, { deps, ctx }) => {
    const { jwt } = await rotateAgentToken(deps, ctx, { id: resourceIdOf(resourceId, 'resourceId') ?? '' });
    return { jwt };
  }),
  deleteOnPremiseResource: mutation('onPremiseResource', ({ id }: { id?: string | null }, { deps, ctx }) =>
    deleteOnPremiseResource(deps, ctx, { id: resourceIdOf(id, 'id') ?? '' }),
  ),
};

export const onPremiseFields: FieldsOf<OnPremiseResource> = {
  ...same<OnPremiseResource>('name', 'port'),
  id: (resource) => toGlobalId('OnPremiseResource', resource._id),
  customer: ({ customerId }, _args, { load }) => (customerId ? load.customer(customerId) : null),
  status: statusOf,
};
