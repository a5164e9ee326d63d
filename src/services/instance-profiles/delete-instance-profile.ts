import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import { AppError } from '../../errors';
import { indexedText } from '../../store/indexed-text';
import type { Instance } from '../../store/models/instance.model';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { findInstanceProfile } from './find-instance-profile';

export const deleteInstanceProfileInput = z.object({ id: z.string() });

/** Users that a refusal names. */
const MOST_NAMED = 5;

/** Deletes a profile. Refused with `invalid_state` for the default one, and while instances have it. */
export async function deleteInstanceProfile(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteInstanceProfileInput>,
): Promise<InstanceProfile> {
  const { id } = parseInput(deleteInstanceProfileInput, raw);
  const profile = await findInstanceProfile(deps, ctx, id);
  requireWriter(ctx);
  await inTransaction(deps, async (session) => {
    await refuseWhileUsed(deps, id, session);
    const { deletedCount } = await deps.store.instanceProfiles.deleteOne(
      { _id: id, isDefault: false },
      { session },
    );
    if (deletedCount === 1) return;
    const message = `"${profile.name}" is the default profile: make another one the default first.`;
    throw new AppError('invalid_state', message);
  });
  return profile;
}

async function refuseWhileUsed({ store }: Deps, profileId: string, session: ClientSession): Promise<void> {
  const users = await store.instances
    .find({ profileId: indexedText(profileId) }, { name: 1 }, { session })
    .limit(MOST_NAMED + 1)
    .lean<Pick<Instance, 'name'>[]>();
  if (users.length === 0) return;
  const names = users.slice(0, MOST_NAMED).map(({ name }) => `"${name}"`);
  const further = users.length > MOST_NAMED ? ' and others' : '';
  throw new AppError(
    'invalid_state',
    `Instances have this profile: ${names.join(', ')}${further}. Give them another one first.`,
  );
}
