import type { RequestContext } from '../context';

/** The filter for the components that the actor may know of: built-ins, and the organization's own for its users. */
export function visibleComponents({ actor }: RequestContext): Record<string, unknown> {
  return { organizationId: actor.customerId === null ? { $in: [null, actor.organizationId] } : null };
}
