import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import { invalidField, notFound } from '../../errors';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { findInstanceProfile } from './find-instance-profile';
import { noteProfileChange, replaceDefault } from './profile-changes';
import { profileFields } from './profile-input';

export const updateInstanceProfileInput = z.object({ id: z.string(), ...profileFields });

type Changes = Omit<z.output<typeof updateInstanceProfileInput>, 'id'>;

/**
 * Changes what is given. It counts for an instance from its next deploy on; those that are concerned show that they
 * need one.
 */
export async function updateInstanceProfile(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateInstanceProfileInput>,
): Promise<InstanceProfile> {
  const { id, ...changes } = parseInput(updateInstanceProfileInput, raw);
  await findInstanceProfile(deps, ctx, id);
  requireWriter(ctx);
  return inTransaction(deps, (session) => change(deps, id, changes, session));
}

async function change(deps: Deps, id: string, changes: Changes, session: ClientSession) {
  const { instanceProfiles } = deps.store;
  const before = await instanceProfiles.findById(id, null, { session }).lean<InstanceProfile>();
  if (!before) throw notFound('The instance profile');
  const after = changed(before, changes);
  if (before.isDefault && !after.isDefault)
    throw invalidField('isDefault', 'An organization has a default profile: make another one the default.');
  if (!before.isDefault && after.isDefault) await replaceDefault(deps, before.organizationId, session);
  const { _id, ...fields } = after;
  await instanceProfiles.updateOne({ _id }, { $set: fields }, { session });
  if (countsAtDeploy(before, after)) await noteProfileChange(deps, after, session);
  return after;
}

function changed(before: InstanceProfile, { allocatedMemoryMb, ...changes }: Changes): InstanceProfile {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => isGiven(value)));
  return {
    ...before,
    ...given,
    // Null takes it away.
    ...(allocatedMemoryMb !== undefined && { allocatedMemoryMb }),
    updatedAt: new Date(),
  };
}

const countsAtDeploy = (before: InstanceProfile, after: InstanceProfile): boolean =>
  (['allocatedMemoryMb', 'logsDisabled', 'stepResultsDisabled', 'isDefault'] as const).some(
    (field) => before[field] !== after[field],
  );
