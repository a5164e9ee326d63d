import { z } from 'zod';
import type { Deps } from '../../../services/context';
import type { InstanceProfile } from '../../../store/models/instance-profile.model';
import { id, time, timeText } from '../fields';

export const instanceProfileView = z
  .object({
    id,
    name: z.string().describe('What definitions name in `defaultInstanceProfile`.'),
    description: z.string(),
    allocatedMemoryMb: z.int().describe('Heap limit of the process that runs components, MB.'),
    logsDisabled: z.boolean().describe('No log lines of runs are kept.'),
    stepResultsDisabled: z.boolean().describe('No outputs of steps are kept of runs that have ended.'),
    quickStart: z.boolean().describe('Kept and without effect.'),
    quickStartInstances: z.int().nullable().describe('Kept and without effect.'),
    instanceBillingType: z.string().describe('Kept and without effect.'),
    isDefault: z.boolean().describe('It counts for instances that have none of their own.'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'InstanceProfile' });

export function presentInstanceProfile(
  { env }: Pick<Deps, 'env'>,
  profile: InstanceProfile,
): z.input<typeof instanceProfileView> {
  return {
    id: profile._id,
    name: profile.name,
    description: profile.description,
    allocatedMemoryMb: profile.allocatedMemoryMb ?? env.TENON_RUNNER_MEMORY_MB,
    logsDisabled: profile.logsDisabled,
    stepResultsDisabled: profile.stepResultsDisabled,
    quickStart: profile.quickStart,
    quickStartInstances: profile.quickStartInstances,
    instanceBillingType: profile.instanceBillingType,
    isDefault: profile.isDefault,
    createdAt: timeText(profile.createdAt),
    updatedAt: timeText(profile.updatedAt),
  };
}
