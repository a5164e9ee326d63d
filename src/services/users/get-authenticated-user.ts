import { AppError } from '../../errors';
import type { User } from '../../store/models/user.model';
import type { Deps, RequestContext } from '../context';

/** The user who asks. */
export async function getAuthenticatedUser(deps: Deps, ctx: RequestContext): Promise<User> {
  const user = await deps.store.users.findById(ctx.actor.userId).lean<User>();
  if (!user) throw new AppError('unauthenticated', 'The user of this access token no longer exists.');
  return user;
}
