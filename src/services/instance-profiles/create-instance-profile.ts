import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { duplicateAsConflict, inTransaction } from '../transaction';
import { defaultProfile } from './default-profile';
import { noteProfileChange, replaceDefault } from './profile-changes';
import { profileFields } from './profile-input';

export const createInstanceProfileInput = z.object({
  name: nameInput('An instance profile').describe('What definitions name; unique, and stays as it is.'),
  ...profileFields,
});

/** Adds a profile. A name that is taken is a `conflict`. */
export async function createInstanceProfile(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createInstanceProfileInput>,
): Promise<InstanceProfile> {
  requireWriter(ctx);
  const input = parseInput(createInstanceProfileInput, raw);
  const { organizationId } = ctx.actor;
  // Its name is taken from the start.
  await defaultProfile(deps, organizationId);
  const now = new Date();
  const profile: InstanceProfile = {
    _id: randomUUID(),
    organizationId,
    name: input.name,
    description: input.description ?? '',
    allocatedMemoryMb: input.allocatedMemoryMb ?? null,
    logsDisabled: input.logsDisabled ?? false,
    stepResultsDisabled: input.stepResultsDisabled ?? false,
    quickStart: input.quickStart ?? false,
    quickStartInstances: input.quickStartInstances ?? null,
    instanceBillingType: input.instanceBillingType ?? '',
    isDefault: input.isDefault ?? false,
    createdAt: now,
    updatedAt: now,
  };
  try {
    await inTransaction(deps, async (session) => {
      if (profile.isDefault) await replaceDefault(deps, organizationId, session);
      await deps.store.instanceProfiles.create([profile], { session });
      if (profile.isDefault) await noteProfileChange(deps, profile, session);
    });
  } catch (error) {
    const message = 'Another instance profile has this name; each is used once.';
    throw duplicateAsConflict(error, { name: { field: 'name', message } });
  }
  return profile;
}
