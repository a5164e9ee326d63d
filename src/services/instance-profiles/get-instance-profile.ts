import { z } from 'zod';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findInstanceProfile } from './find-instance-profile';

export const getInstanceProfileInput = z.object({ id: z.string() });

/** One profile; users of a customer see none. Throws `not_found`. */
export async function getInstanceProfile(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getInstanceProfileInput>,
): Promise<InstanceProfile> {
  const { id } = parseInput(getInstanceProfileInput, raw);
  return findInstanceProfile(deps, ctx, id);
}
