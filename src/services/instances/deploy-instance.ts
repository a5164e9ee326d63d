import { z } from 'zod';
import { AppError } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { requireTemporal } from '../require-temporal';
import { inTransaction } from '../transaction';
import { concludeDeploy } from './conclude-deploy';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';
import { clearDropped } from './lifecycle/clear-left-behind';
import { startDeployFlows } from './lifecycle/deploy-flows';
import { lifecycleCalls } from './lifecycle/lifecycle-calls';
import { switchWithFunctions } from './lifecycle/switch-with-functions';
import { applySchedules, everScheduled } from './schedules/apply-schedules';
import { switchRevision } from './switch-revision';

export const deployInstanceInput = z.object({
  id: z.string(),
  force: z
    .boolean()
    .nullish()
    .describe('Also with a version that is no longer available, or OAuth connections without a consent.'),
});

/**
 * Makes the chosen version and the draft configuration the ones that run, both at one moment: an execution sees
 * the old pair or the new one. Throws `invalid_input` naming every missing value, and `component_failed` with the
 * message of a trigger's function that failed; then nothing changes. Throws `conflict` when a later deploy came first.
 * The first deploy enables the instance, later ones keep it as it is. Triggers that it has no longer clear away what
 * they set up elsewhere, then flows that run after a deploy are started.
 * What a crash or an error leaves undone behind the switch shows as `needsDeploy`: deploying again does all of it.
 */
export async function deployInstance(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deployInstanceInput>,
): Promise<Instance> {
  const { id, force } = parseInput(deployInstanceInput, raw);
  const instance = await findInstance(deps, ctx, id);
  requireInstanceWriter(ctx, instance);
  if (instance.isSystem) {
    throw new AppError('invalid_state', 'This is a test instance: it runs the draft and is not deployed.');
  }
  const plan = await draftPlanOf(deps, instance);
  const mayTouchSchedules =
    plan.flows.some((flow) => flow.schedule !== undefined) || (await everScheduled(deps, id)).size > 0;
  if (mayTouchSchedules)
    await requireTemporal(deps, 'Its schedules could not be set, so nothing was deployed.');
  const wanted = { id, deployedBy: ctx.actor.userId, force: force ?? false };
  const { next, instance: switched } =
    lifecycleCalls(plan, 'deploy').length > 0
      ? await switchWithFunctions(deps, wanted)
      : await inTransaction(deps, (session) => switchRevision(deps, wanted, session));
  await applySchedules(deps, id);
  // Runs write the state that they share with triggers whole: side by side, one would undo what a trigger noted.
  await clearDropped(deps, switched);
  await startDeployFlows(deps, switched, next.plan, switched.deployment?.firstSync === 'due');
  return (await concludeDeploy(deps, next)) ?? switched;
}
