import { z } from 'zod';
import type { Plan } from '../../engine/plan';
import type { InstanceProfile, RunProfile } from '../../store/models/instance-profile.model';
import type { Deps, RequestContext } from '../context';
import { compileDefinition } from '../integrations/compile-definition';
import { findDraftOrVersion } from '../integrations/find-integration';
import { parseInput } from '../parse-input';
import { loadPlan, readPlan } from '../plans/load-plan';
import { defaultProfile } from './default-profile';
import { findProfileNamed } from './find-instance-profile';
import { takenOf } from './profile-of-instance';

export const getDefinitionProfileInput = z.object({
  id: z.string().describe('Of an integration, for its draft, or of a published version.'),
});

/** The profile of instances that are made of a draft or a version; null to users of a customer. Throws `not_found`. */
export async function getDefinitionProfile(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getDefinitionProfileInput>,
): Promise<InstanceProfile | null> {
  const { id } = parseInput(getDefinitionProfileInput, raw);
  if (ctx.actor.customerId !== null) return null;
  const { integration, version } = await findDraftOrVersion(deps, ctx, id);
  const { organizationId, definition, customerId, identities } = integration;
  const plan = version
    ? await loadPlan(deps, version.planId)
    : readPlan((await compileDefinition(deps, organizationId, definition, { customerId, identities })).plan);
  return profileOfPlan(deps, organizationId, plan);
}

/** What a test of a draft takes of the profile that it names: its memory. Logs and results are what tests are for. */
export async function testProfile(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  planId: string,
): Promise<RunProfile | undefined> {
  const { allocatedMemoryMb } = await profileOfPlan(deps, organizationId, await loadPlan(deps, planId));
  return allocatedMemoryMb === null ? undefined : { allocatedMemoryMb };
}

/**
 * What a run that is of no instance takes, the preprocess flow of an address that customers share: all of the profile
 * that new instances of the version get.
 */
export async function sharedProfile(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  plan: Plan,
): Promise<RunProfile | undefined> {
  return takenOf(await profileOfPlan(deps, organizationId, plan), {});
}

async function profileOfPlan(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  { instanceProfile: name }: Plan,
): Promise<InstanceProfile> {
  const named = name === undefined ? null : await findProfileNamed(deps, organizationId, name);
  return named ?? defaultProfile(deps, organizationId);
}
