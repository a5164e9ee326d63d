import { notFound } from '../../errors';
import type { Organization } from '../../store/models/organization.model';
import type { Deps, RequestContext } from '../context';

/** The actor's own organization. */
export async function getOrganization(deps: Deps, ctx: RequestContext): Promise<Organization> {
  const found = await deps.store.organizations.findById(ctx.actor.organizationId).lean<Organization>();
  if (!found) throw notFound('The organization');
  return found;
}
