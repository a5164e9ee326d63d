import { z } from 'zod';
import { notFound } from '../../../errors';
import type { Deps, RequestContext } from '../../../services/context';
import {
  type ValuesView,
  viewSharedConnections,
} from '../../../services/shared-connections/view-shared-connections';
import type { SharedConnection } from '../../../store/models/shared-connection.model';
import { connectionFields } from '../connection-fields';
import { id, time, timeText, timeTextOrNull } from '../fields';

/** What is shown of a set of values; `status` says in words of its own when it is null. */
export const valuesFields = {
  inputs: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .describe('What is set, or counts without it; secret fields show dots instead of the value.'),
  status: z
    .enum(['ACTIVE', 'PENDING', 'ERROR', 'FAILED'])
    .nullable()
    .describe('Null where each customer has values: their own status counts.'),
  ...connectionFields,
};

export const sharedConnectionView = z
  .object({
    id,
    stableKey: z.string().describe('What definitions name in `useScopedConfigVar`.'),
    name: z.string(),
    description: z.string(),
    component: z.object({ key: z.string(), isPublic: z.boolean(), version: z.int() }),
    connection: z.string().describe('Key of the connection type in the component.'),
    managedBy: z.enum(['org', 'customer', 'system']),
    variableScope: z.enum(['org', 'customer']),
    ...valuesFields,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'SharedConnection' });

/** Shared connections as an answer. */
export async function presentShared(
  deps: Deps,
  ctx: RequestContext,
  all: SharedConnection[],
): Promise<z.input<typeof sharedConnectionView>[]> {
  const views = await viewSharedConnections(deps, ctx, all);
  return views.map((view) => {
    const { stableKey, name, description, managedBy, variableScope, connection } = view;
    const { key, isPublic, version } = connection.component;
    return {
      id: view._id,
      stableKey,
      name,
      description,
      component: { key, isPublic, version },
      connection: connection.key,
      managedBy,
      variableScope,
      ...presentValues(view),
      createdAt: timeText(view.createdAt),
      updatedAt: timeText(view.updatedAt),
    };
  });
}

/** The same for one. */
export async function presentOneShared(deps: Deps, ctx: RequestContext, shared: SharedConnection) {
  const [view] = await presentShared(deps, ctx, [shared]);
  if (!view) throw notFound('The shared connection');
  return view;
}

/** The fields of {@link valuesFields}. */
export function presentValues(view: ValuesView) {
  const { inputs, status, statusReason, authorizeUrl, refreshAt, lastSuccessfulRefreshAt } = view;
  return {
    inputs,
    status,
    statusReason,
    authorizeUrl,
    refreshAt: timeTextOrNull(refreshAt),
    lastSuccessfulRefreshAt: timeTextOrNull(lastSuccessfulRefreshAt),
  };
}
