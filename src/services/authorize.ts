import { AppError, notFound } from '../errors';
import type { Role } from '../store/models/user.model';
import type { Actor, RequestContext } from './context';

const WRITERS: ReadonlySet<Role> = new Set<Role>(['owner', 'admin', 'integrator']);

/** Who owns a stored object; `customerId` null belongs to the organization itself. */
export interface Owned {
  organizationId: string;
  customerId: string | null;
}

/**
 * The filter that keeps a query within what the actor may know of: everything of the organization, and for
 * a user of a customer that customer's objects only. Other objects then do not exist for the actor.
 */
export function visibleTo(ctx: RequestContext): { organizationId: string; customerId?: string } {
  const { organizationId, customerId } = ctx.actor;
  return customerId === null ? { organizationId } : { organizationId, customerId };
}

/** Whether the actor may know of an object. */
export function canSee(actor: Actor, owner: Owned): boolean {
  if (actor.organizationId !== owner.organizationId) return false;
  return actor.customerId === null || actor.customerId === owner.customerId;
}

/** Throws `not_found` for an object that is not there or that the actor may not know of. */
export function requireVisible<T extends Owned>(ctx: RequestContext, found: T | null, what: string): T {
  if (found === null || !canSee(ctx.actor, found)) throw notFound(what);
  return found;
}

/** Throws `forbidden` unless the actor is a user of the organization who may change things. */
export function requireWriter(ctx: RequestContext): void {
  if (!isOrganizationWriter(ctx.actor)) throw refused(ctx);
}

/** Throws `forbidden` unless the actor may change instances of that customer; call it after the look-up. */
export function requireInstanceWriter(ctx: RequestContext, instance: { customerId: string | null }): void {
  if (!mayWriteInstance(ctx, instance)) throw refused(ctx);
}

/** Whether the actor may change instances of that customer. */
export function mayWriteInstance(
  { actor }: RequestContext,
  instance: { customerId: string | null },
): boolean {
  const isOwnAdmin = actor.role === 'customer_admin' && actor.customerId !== null;
  return isOrganizationWriter(actor) || (isOwnAdmin && actor.customerId === instance.customerId);
}

function isOrganizationWriter(actor: Actor): boolean {
  return actor.customerId === null && WRITERS.has(actor.role);
}

function refused(ctx: RequestContext): AppError {
  return new AppError('forbidden', `The role '${ctx.actor.role}' may read this but not change it.`);
}
