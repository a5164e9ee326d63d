import { getComponent } from '../../../services/components/get-component';
import { createSharedConnection } from '../../../services/shared-connections/create-shared-connection';
import { deleteSharedConnection } from '../../../services/shared-connections/delete-shared-connection';
import { getSharedConnection } from '../../../services/shared-connections/get-shared-connection';
import { listSharedConnections } from '../../../services/shared-connections/list-shared-connections';
import { updateSharedConnection } from '../../../services/shared-connections/update-shared-connection';
import { viewSharedConnections } from '../../../services/shared-connections/view-shared-connections';
import type { SharedConnection } from '../../../store/models/shared-connection.model';
import { connectionOf, type PageArgs } from '../connection';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';
import type { GraphqlRequest } from '../request';
import { fieldsOf, type InputExpression } from './input-expressions';

interface ListArgs extends PageArgs {
  key_Icontains?: string | null;
  stableKey?: string | null;
  stableKey_In?: (string | null)[] | null;
  managedBy?: string | null;
  managedBy_In?: (string | null)[] | null;
  variableScope?: string | null;
  variableScope_In?: (string | null)[] | null;
  connection_Component_In?: ({ key: string; isPublic: boolean } | null)[] | null;
}

export const sharedConnectionQueries: FieldsOf<unknown> = {
  scopedConfigVariable: async (_, { id }: { id: string }, request) => {
    const { deps, ctx } = request;
    return viewOne(
      request,
      await getSharedConnection(deps, ctx, { id: fromGlobalId('ScopedConfigVariable', id) }),
    );
  },
  scopedConfigVariables: async (_, args: ListArgs, { deps, ctx }) => {
    const page = await listSharedConnections(deps, ctx, {
      first: args.first,
      after: args.after,
      search: args.key_Icontains,
      stableKeys: amongBoth(args.stableKey, args.stableKey_In),
      managedBy: amongBoth(args.managedBy?.toLowerCase(), lowerCase(args.managedBy_In)),
      variableScope: amongBoth(args.variableScope?.toLowerCase(), lowerCase(args.variableScope_In)),
      components: args.connection_Component_In?.filter((one) => one !== null),
    });
    return connectionOf({ ...page, nodes: await viewSharedConnections(deps, ctx, page.nodes) });
  },
};

const lowerCase = (texts: (string | null)[] | null | undefined) =>
  texts?.map((text) => text?.toLowerCase() ?? null);

/** What both filters let through; null for none of them. */
function amongBoth(
  one: string | null | undefined,
  any: (string | null)[] | null | undefined,
): string[] | null {
  const listed = any?.filter((text) => text !== null) ?? null;
  if (one == null) return listed;
  return listed === null || listed.includes(one) ? [one] : [];
}

interface CreateInput {
  key: string;
  stableKey: string;
  description?: string | null;
  connection: string;
  managedBy?: string | null;
  variableScope: string;
  inputs?: InputExpression[] | null;
}

interface UpdateInput {
  id?: string | null;
  key?: string | null;
  description?: string | null;
  connection?: string | null;
  inputs?: InputExpression[] | null;
}

const NAMES = { name: 'key', component: 'connection' };

export const sharedConnectionMutations: FieldsOf<unknown> = {
  createScopedConfigVariable: mutation(
    'scopedConfigVariable',
    async ({ key: name, stableKey, description, ...input }: CreateInput, request) => {
      const { deps, ctx } = request;
      const created = {
        name,
        stableKey,
        description,
        ...(await kindOf(request, input.connection)),
        // What the SDL lets through is checked by the service.
        managedBy: input.managedBy?.toLowerCase() as 'org' | null | undefined,
        variableScope: input.variableScope.toLowerCase() as 'org',
        inputs: fieldsOf(input.inputs),
      };
      return viewOne(request, await createSharedConnection(deps, ctx, created));
    },
    NAMES,
  ),
  updateScopedConfigVariable: mutation(
    'scopedConfigVariable',
    async ({ id, key: name, description, connection, inputs }: UpdateInput, request) => {
      const { deps, ctx } = request;
      const wanted = { id: fromGlobalId('ScopedConfigVariable', id ?? ''), name, description };
      const kind = connection == null ? {} : await kindOf(request, connection);
      const changes = { ...wanted, ...kind, inputs: fieldsOf(inputs) };
      return viewOne(request, await updateSharedConnection(deps, ctx, changes));
    },
    NAMES,
  ),
  deleteScopedConfigVariable: mutation(
    'scopedConfigVariable',
    async ({ id }: { id?: string | null }, request) => {
      const { deps, ctx } = request;
      const wanted = { id: fromGlobalId('ScopedConfigVariable', id ?? '') };
      return viewOne(request, await deleteSharedConnection(deps, ctx, wanted));
    },
  ),
};

/** The kind of connection that an id stands for, in a version of its component. */
async function kindOf({ deps, ctx }: GraphqlRequest, id: string) {
  const [componentId = '', ...connection] = fromGlobalId('Connection', id, 'connection').split('/');
  const { key, isPublic, versionNumber: version } = await getComponent(deps, ctx, { id: componentId });
  return { component: { key, isPublic, version }, connection: connection.join('/') };
}

async function viewOne({ deps, ctx }: GraphqlRequest, shared: SharedConnection) {
  return (await viewSharedConnections(deps, ctx, [shared]))[0];
}
