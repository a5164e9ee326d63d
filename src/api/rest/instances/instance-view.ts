import { z } from 'zod';
import type { RequestContext } from '../../../services/context';
import { knownProfileId } from '../../../services/instance-profiles/find-instance-profile';
import type { Instance } from '../../../store/models/instance.model';
import { id, time, timeText } from '../fields';

export const instanceView = z
  .object({
    id,
    name: z.string(),
    description: z.string(),
    labels: z.array(z.string()),
    customerId: id.nullable().describe('Null only for the test instance of an integration.'),
    integrationId: id,
    versionId: id.nullable().describe('The version that the next deploy puts into service.'),
    enabled: z.boolean().describe('Whether its triggers start flows.'),
    needsDeploy: z.boolean().describe('Something was changed that a deploy must put into service.'),
    globalDebug: z.boolean(),
    stepsPerActivity: z
      .int()
      .nullable()
      .describe('Actions that share a Temporal activity at most; null: no limit.'),
    profileId: id
      .nullable()
      .describe('Of its instance profile; null for the default one, and to users of a customer.'),
    logsDisabled: z.boolean().describe('Keeps no log lines of its runs, whatever its profile says.'),
    stepResultsDisabled: z
      .boolean()
      .describe('Keeps no outputs of steps of runs that have ended, whatever its profile says.'),
    deployment: z
      .object({ revision: z.int(), versionId: id, deployedAt: time, deployedBy: id })
      .nullable()
      .describe('What is in service; null before the first deploy.'),
    removalFailure: z
      .object({ message: z.string(), failedAt: time })
      .nullable()
      .describe('Why it could not be deleted, when somebody tried; null otherwise.'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Instance' });

/** An instance as an answer to that actor. */
export function presentInstance(ctx: RequestContext, instance: Instance): z.input<typeof instanceView> {
  const { deployment } = instance;
  return {
    id: instance._id,
    name: instance.name,
    description: instance.description,
    labels: instance.labels,
    customerId: instance.customerId,
    integrationId: instance.integrationId,
    versionId: instance.versionId,
    enabled: instance.enabled,
    needsDeploy: instance.needsDeploy,
    globalDebug: instance.globalDebug,
    stepsPerActivity: instance.stepsPerActivity,
    profileId: knownProfileId(ctx, instance),
    logsDisabled: instance.logsDisabled ?? false,
    stepResultsDisabled: instance.stepResultsDisabled ?? false,
    deployment: deployment && {
      revision: deployment.revision,
      versionId: deployment.versionId,
      deployedAt: timeText(deployment.deployedAt),
      deployedBy: deployment.deployedBy,
    },
    removalFailure: instance.removalFailure
      ? { message: instance.removalFailure.message, failedAt: timeText(instance.removalFailure.failedAt) }
      : null,
    createdAt: timeText(instance.createdAt),
    updatedAt: timeText(instance.updatedAt),
  };
}
