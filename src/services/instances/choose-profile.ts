import type { Plan } from '../../engine/plan';
import type { Instance } from '../../store/models/instance.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findInstanceProfile, findProfileNamed } from '../instance-profiles/find-instance-profile';

/**
 * The profile of a new instance: the given one, else the one that the definition names. Null for the organization's
 * default profile, also where the named one is not there. Throws `forbidden` for users of a customer who give one.
 */
export async function chooseProfile(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  { profileId, plan }: { profileId: string | null | undefined; plan: Plan },
): Promise<string | null> {
  if (profileId != null) return givenProfile(deps, ctx, profileId);
  if (plan.instanceProfile === undefined) return null;
  return (await findProfileNamed(deps, ctx.actor.organizationId, plan.instanceProfile))?._id ?? null;
}

/** What an instance's draft takes of a change of its profile and of what is kept of its runs. */
export async function stageProfile(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  instance: Instance,
  given: {
    profileId?: string | null | undefined;
    logsDisabled?: boolean | null | undefined;
    stepResultsDisabled?: boolean | null | undefined;
  },
): Promise<Partial<Instance>> {
  const staged: Partial<Instance> = {};
  const { profileId, logsDisabled, stepResultsDisabled } = given;
  if (profileId !== undefined)
    staged.profileId = profileId === null ? withoutProfile(ctx) : await givenProfile(deps, ctx, profileId);
  if (logsDisabled != null) staged.logsDisabled = logsDisabled;
  if (stepResultsDisabled != null) staged.stepResultsDisabled = stepResultsDisabled;
  if (isSameProfile(instance, { ...instance, ...staged })) return {};
  // A test instance keeps all of its runs.
  return instance.isSystem ? staged : { ...staged, needsDeploy: true };
}

type Settings = Pick<Instance, 'profileId' | 'logsDisabled' | 'stepResultsDisabled'>;

/** Whether the next deploy of both takes the same. */
export const isSameProfile = (a: Settings, b: Settings): boolean =>
  (a.profileId ?? null) === (b.profileId ?? null) &&
  (a.logsDisabled ?? false) === (b.logsDisabled ?? false) &&
  (a.stepResultsDisabled ?? false) === (b.stepResultsDisabled ?? false);

async function givenProfile(deps: Pick<Deps, 'store'>, ctx: RequestContext, id: string): Promise<string> {
  requireWriter(ctx);
  return (await findInstanceProfile(deps, ctx, id))._id;
}

function withoutProfile(ctx: RequestContext): null {
  requireWriter(ctx);
  return null;
}
