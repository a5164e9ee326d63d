import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import { notFound } from '../../errors';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps, RequestContext } from '../context';
import { configVariableInput } from '../instances/config/config-variable-input';
import { draftPlanOf } from '../instances/instance-plan';
import { isGiven } from '../is-given';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { applyUserInputs, type GivenValues } from './apply-user-inputs';
import { userEmailInput, userNameInput } from './create-user-config';
import { findForWriting } from './find-user-config';
import { startUserFlows } from './user-flows';
import { openUserVariables, sealUserVariables } from './user-variables';

export const updateUserConfigInput = z.object({
  id: z.string(),
  name: userNameInput.nullish(),
  email: userEmailInput.nullish(),
  configVariables: z
    .array(configVariableInput)
    .nullish()
    .describe('Replace the set: what is left out falls back to its default.'),
  configVariablePatch: z.array(configVariableInput).nullish().describe('Change these only.'),
});

/**
 * Changes what is given of a user's configuration. Values count for runs that begin from now on, without a deploy;
 * runs under way keep theirs, and flows that wait for complete values are started. Throws `invalid_input` with every fault; then nothing changes.
 */
export async function updateUserConfig(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateUserConfigInput>,
): Promise<UserConfig> {
  const input = parseInput(updateUserConfigInput, raw);
  const { config, instance } = await findForWriting(deps, ctx, input.id);
  const plan = await draftPlanOf(deps, instance);
  const isCustomerUser = ctx.actor.customerId !== null;
  const updated = await inTransaction(deps, async (session) => {
    const { userConfigs } = deps.store;
    const present = await userConfigs.findById(config._id, null, { session }).lean<UserConfig>();
    if (!present) throw notFound('The user’s configuration');
    const { configVariables: all, configVariablePatch: some } = input;
    const given: GivenValues[] = [
      ...(isGiven(all) ? [{ inputs: all, mode: 'replace' } as const] : []),
      ...(isGiven(some) ? [{ inputs: some, mode: 'patch' } as const] : []),
    ];
    const open = applyUserInputs({
      plan,
      isCustomerUser,
      given,
      present: openUserVariables(deps.sealer, plan, present.configVariables),
    });
    const isChanged = given.length > 0;
    if (isChanged) await keepFormer(deps, present, session);
    const changed = await userConfigs
      .findByIdAndUpdate(
        present._id,
        {
          $set: {
            ...(isGiven(input.name) && { name: input.name }),
            ...(isGiven(input.email) && { email: input.email }),
            ...(isChanged && {
              configVariables: sealUserVariables(deps.sealer, plan, open, present.configVariables),
              revision: present.revision + 1,
            }),
            updatedAt: new Date(),
          },
        },
        { returnDocument: 'after', session },
      )
      .lean<UserConfig>();
    if (!changed) throw notFound('The user’s configuration');
    return changed;
  });
  if (isGiven(input.configVariables) || isGiven(input.configVariablePatch))
    await startUserFlows(deps, updated);
  return updated;
}

/** For runs that began with them. */
async function keepFormer(
  { store }: Deps,
  { _id: userConfigId, instanceId, revision, configVariables }: UserConfig,
  session: ClientSession,
): Promise<void> {
  const _id = `${userConfigId}/${revision}`;
  const former = { _id, userConfigId, instanceId, configVariables, replacedAt: new Date() };
  await store.formerUserValues.create([former], { session });
}
