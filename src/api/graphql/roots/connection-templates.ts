import { createConnectionTemplate } from '../../../services/connection-templates/create-connection-template';
import { deleteConnectionTemplate } from '../../../services/connection-templates/delete-connection-template';
import { getConnectionTemplate } from '../../../services/connection-templates/get-connection-template';
import { updateConnectionTemplate } from '../../../services/connection-templates/update-connection-template';
import { viewConnectionTemplates } from '../../../services/connection-templates/view-connection-templates';
import type { ConnectionTemplate } from '../../../store/models/connection-template.model';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';
import type { GraphqlRequest } from '../request';
import { type ConnectionTemplateArgs, connectionTemplatesOf } from '../types/connection-template';
import { kindOfConnection } from './connection-kind';

export const connectionTemplateQueries: FieldsOf<unknown> = {
  connectionTemplate: async (_, { id }: { id: string }, request) => {
    const { deps, ctx } = request;
    const wanted = { id: fromGlobalId('ConnectionTemplate', id) };
    return viewOne(request, await getConnectionTemplate(deps, ctx, wanted));
  },
  connectionTemplates: async (_, args: ConnectionTemplateArgs, request) => {
    const { connectionId } = args;
    const kind = connectionId ? await kindOfConnection(request, connectionId, 'connectionId') : {};
    return connectionTemplatesOf(request, args, kind);
  },
};

interface Preset {
  key: string;
  value: string;
}

interface CreateInput {
  connection: string;
  name: string;
  presets: (Preset | null)[];
}

interface UpdateInput {
  id?: string | null;
  connection?: string | null;
  name?: string | null;
  presets?: (Preset | null)[] | null;
}

const NAMES = { inputs: 'presets', component: 'connection', kind: 'connection' };

const inputsOf = (presets: (Preset | null)[]) =>
  presets.flatMap((preset) => (preset === null ? [] : [{ name: preset.key, value: preset.value }]));

export const connectionTemplateMutations: FieldsOf<unknown> = {
  createConnectionTemplate: mutation(
    'connectionTemplate',
    async ({ connection, name, presets }: CreateInput, request) => {
      const { deps, ctx } = request;
      const kind = await kindOfConnection(request, connection);
      const wanted = { ...kind, name, inputs: inputsOf(presets) };
      return viewOne(request, await createConnectionTemplate(deps, ctx, wanted));
    },
    NAMES,
  ),
  updateConnectionTemplate: mutation(
    'connectionTemplate',
    async ({ id, connection, name, presets }: UpdateInput, request) => {
      const { deps, ctx } = request;
      const wanted = {
        id: fromGlobalId('ConnectionTemplate', id ?? ''),
        kind: connection ? await kindOfConnection(request, connection) : null,
        name,
        inputs: presets && inputsOf(presets),
      };
      return viewOne(request, await updateConnectionTemplate(deps, ctx, wanted));
    },
    NAMES,
  ),
  deleteConnectionTemplate: mutation(
    'connectionTemplate',
    async ({ id }: { id?: string | null }, request) => {
      const { deps, ctx } = request;
      const wanted = { id: fromGlobalId('ConnectionTemplate', id ?? '') };
      return viewOne(request, await deleteConnectionTemplate(deps, ctx, wanted));
    },
  ),
};

async function viewOne({ deps, ctx }: GraphqlRequest, template: ConnectionTemplate) {
  return (await viewConnectionTemplates(deps, ctx, [template]))[0];
}
