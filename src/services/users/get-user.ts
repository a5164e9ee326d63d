import { z } from 'zod';
import type { User } from '../../store/models/user.model';
import { requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';

export const getUserInput = z.object({ id: z.string() });

/** A user of the organization; users of a customer see that customer's users only. Throws `not_found`. */
export async function getUser(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getUserInput>,
): Promise<User> {
  const { id } = parseInput(getUserInput, raw);
  return requireVisible(ctx, await deps.store.users.findById(id).lean<User>(), 'The user');
}
