import { listConnectionTemplates } from '../../../services/connection-templates/list-connection-templates';
import {
  type ConnectionTemplateView,
  viewConnectionTemplates,
} from '../../../services/connection-templates/view-connection-templates';
import { listInstances } from '../../../services/instances/list-instances';
import { connectionOf, listConnection, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';
import type { GraphqlRequest } from '../request';

type Order = { direction: 'ASC' | 'DESC' } | null;

/** Arguments of lists of presets. */
export interface ConnectionTemplateArgs extends PageArgs {
  connectionId?: string | null;
  name_Icontains?: string | null;
  orderBy?: Order;
  sortBy?: Order[] | null;
}

/** The value of a preset for one field. */
interface FieldSource {
  template: ConnectionTemplateView;
  name: string;
  value: string;
}

export const connectionTemplateFields: FieldsOf<ConnectionTemplateView> = {
  ...same<ConnectionTemplateView>('name', 'hasDeployedInstances'),
  id: (template) => toGlobalId('ConnectionTemplate', template._id),
  connection: ({ kind }, _args, { load }) => load.connectionType(kind.component, kind.key),
  inputFieldTemplates: (template, args: PageArgs) =>
    listConnection(
      template.inputs.map((input): FieldSource => ({ template, ...input })),
      args,
    ),
  templatedInputKeys: ({ inputs }) => inputs.map(({ name }) => name),
  instances: async (template, { first, after }: PageArgs, { deps, ctx }) =>
    connectionOf(await listInstances(deps, ctx, { first, after, connectionTemplateId: template._id })),
  allowUpdate: ({ mayUpdate }) => mayUpdate,
  allowRemove: ({ mayRemove }) => mayRemove,
};

export const inputFieldTemplateFields: FieldsOf<FieldSource> = {
  ...same<FieldSource>('value'),
  id: ({ template, name }) => toGlobalId('InputFieldTemplate', `${template._id}/${name}`),
  connectionTemplate: ({ template }) => template,
  inputField: async ({ template: { kind }, name }, _args, { load }) => {
    const found = await load.connectionType(kind.component, kind.key);
    return found?.connection.inputs.find(({ key }) => key === name) ?? null;
  },
  allowUpdate: ({ template }) => template.mayUpdate,
  allowRemove: ({ template }) => template.mayUpdate,
};

/** A page of presets, of one kind of connection if one is given. */
export async function connectionTemplatesOf(
  { deps, ctx }: GraphqlRequest,
  { first, after, name_Icontains: search, orderBy, sortBy }: ConnectionTemplateArgs,
  { component, connection }: { component?: { key: string; isPublic: boolean }; connection?: string },
) {
  const order = sortBy?.find((one) => one !== null) ?? orderBy;
  const isDescending = order?.direction === 'DESC';
  const wanted = { first, after, search, component, connection, isDescending };
  const page = await listConnectionTemplates(deps, ctx, wanted);
  return connectionOf({ ...page, nodes: await viewConnectionTemplates(deps, ctx, page.nodes) });
}
