import { notFound } from '../../errors';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import type { Deps, RequestContext } from '../context';

/** The filter for the presets that the actor may know of: users of a customer know of none. */
export function visibleTemplates({ actor }: RequestContext): Record<string, unknown> {
  const { organizationId, customerId } = actor;
  return customerId === null ? { organizationId } : { organizationId, _id: null };
}

/** The preset with that id, if the actor may know of it. Throws `not_found`. */
export async function findConnectionTemplate(
  { store }: Pick<Deps, 'store'>,
  ctx: RequestContext,
  id: string,
): Promise<ConnectionTemplate> {
  const found = await store.connectionTemplates
    .findOne({ $and: [{ _id: id }, visibleTemplates(ctx)] })
    .lean<ConnectionTemplate>();
  if (!found) throw notFound('The preset');
  return found;
}
