import { z } from 'zod';

/** Of a runner process, MB. Less starts no component; source of the most: the public limit of a run. */
const LEAST_MEMORY_MB = 64;
const MOST_MEMORY_MB = 10 * 1024;
const MOST_DESCRIPTION = 2000;

const memory = `The memory of a profile is ${LEAST_MEMORY_MB} to ${MOST_MEMORY_MB} MB.`;

/** What can be said of a profile besides its name; what is left out stays as it is, or is off. */
export const profileFields = {
  description: z.string().max(MOST_DESCRIPTION).nullish(),
  allocatedMemoryMb: z
    .int()
    .min(LEAST_MEMORY_MB, memory)
    .max(MOST_MEMORY_MB, memory)
    .nullish()
    .describe('Heap limit of the process that runs components, MB; as all runners have if not given.'),
  logsDisabled: z.boolean().nullish().describe('Keeps no log lines of runs.'),
  stepResultsDisabled: z.boolean().nullish().describe('Keeps no outputs of steps of runs that have ended.'),
  quickStart: z.boolean().nullish().describe('Kept and without effect: runners are always warm.'),
  quickStartInstances: z.int().min(0).nullish().describe('Kept and without effect.'),
  instanceBillingType: z.string().max(100).nullish().describe('Kept and without effect.'),
  isDefault: z
    .boolean()
    .nullish()
    .describe('Makes it the profile of instances that have none of their own, in place of the one before.'),
};
