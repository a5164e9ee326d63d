import { z } from 'zod';
import { notFound } from '../../../errors';
import { viewConnectionTemplates } from '../../../services/connection-templates/view-connection-templates';
import type { Deps, RequestContext } from '../../../services/context';
import type { ConnectionTemplate } from '../../../store/models/connection-template.model';
import { id, time, timeText } from '../fields';

export const connectionTemplateView = z
  .object({
    id,
    name: z.string().describe('What definitions name as `template` of a connection.'),
    component: z.object({ key: z.string(), isPublic: z.boolean() }),
    connection: z.string().describe('Key of the kind of connection in the component.'),
    inputs: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .describe('The values that it gives; secret fields show dots instead of the value.'),
    hasDeployedInstances: z
      .boolean()
      .describe('Deployed instances have its values: it keeps its name, and is not deleted.'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'ConnectionTemplate' });

/** Presets of connections as an answer. */
export async function presentTemplates(
  deps: Deps,
  ctx: RequestContext,
  all: ConnectionTemplate[],
): Promise<z.input<typeof connectionTemplateView>[]> {
  const views = await viewConnectionTemplates(deps, ctx, all);
  return views.map(({ _id, name, component, connection, inputs, hasDeployedInstances, ...times }) => ({
    id: _id,
    name,
    component: { key: component.key, isPublic: component.isPublic },
    connection,
    inputs,
    hasDeployedInstances,
    createdAt: timeText(times.createdAt),
    updatedAt: timeText(times.updatedAt),
  }));
}

/** The same for one. */
export async function presentTemplate(deps: Deps, ctx: RequestContext, template: ConnectionTemplate) {
  const [view] = await presentTemplates(deps, ctx, [template]);
  if (!view) throw notFound('The preset');
  return view;
}
