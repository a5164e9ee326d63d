import type { RequestContext } from '../context';

/**
 * The filter for the components that the actor may know of: built-ins, and the organization's own for its users;
 * users of a customer see that customer's.
 */
export function visibleComponents({ actor }: RequestContext): Record<string, unknown> {
  const { organizationId, customerId } = actor;
  const own = customerId === null ? { organizationId } : { organizationId, customerId };
  return { $or: [{ organizationId: null }, own] };
}
