import { z } from 'zod';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findUserConfig } from './find-user-config';

export const getUserConfigInput = z.object({ id: z.string() });

/** A user's configuration; its values are sealed, `viewUserConfig` shows them. Throws `not_found`. */
export async function getUserConfig(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getUserConfigInput>,
): Promise<UserConfig> {
  const { id } = parseInput(getUserConfigInput, raw);
  return findUserConfig(deps, ctx, id);
}
