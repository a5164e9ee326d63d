import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError, notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { UserConfig } from '../../store/models/user-config.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { configVariableInput } from '../instances/config/config-variable-input';
import { hasUserLevel } from '../instances/config/levels';
import { findInstance } from '../instances/find-instance';
import { draftPlanOf } from '../instances/instance-plan';
import { parseInput } from '../parse-input';
import { duplicateAsConflict, holdParent, inTransaction } from '../transaction';
import { applyUserInputs } from './apply-user-inputs';
import { startUserFlows } from './user-flows';
import { sealUserVariables } from './user-variables';

/** What is told of the person. */
export const userNameInput = z.string().trim().max(200);
export const userEmailInput = z.string().trim().max(320);

export const createUserConfigInput = z.object({
  instanceId: z.string(),
  externalId: z
    .string()
    .min(1, 'A user needs an external id.')
    .max(200)
    .describe('The user’s id in your own system; unique on the instance.'),
  name: userNameInput.nullish(),
  email: userEmailInput.nullish(),
  configVariables: z.array(configVariableInput).nullish(),
});

/**
 * Begins the configuration of one end user of an instance. Values may be set now or later; runs can have them when
 * none is missing, and flows that wait for that moment are started. Throws `invalid_state` where the integration asks users for nothing, `conflict` for a user who has
 * one already, and `invalid_input` for every bad value.
 */
export async function createUserConfig(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createUserConfigInput>,
): Promise<UserConfig> {
  const input = parseInput(createUserConfigInput, raw);
  const instance = await findInstance(deps, ctx, input.instanceId);
  requireInstanceWriter(ctx, instance);
  const plan = await draftPlanOf(deps, instance);
  if (!hasUserLevel(plan))
    throw new AppError('invalid_state', 'This integration has no page that each user fills in.');
  const open = applyUserInputs({
    plan,
    present: new Map(),
    given: [{ inputs: input.configVariables ?? [], mode: 'replace' }],
    isCustomerUser: ctx.actor.customerId !== null,
  });
  const now = new Date();
  const config: UserConfig = {
    _id: randomUUID(),
    organizationId: instance.organizationId,
    customerId: instance.customerId,
    instanceId: instance._id,
    externalId: input.externalId,
    name: input.name ?? '',
    email: input.email ?? '',
    configVariables: sealUserVariables(deps.sealer, plan, open),
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
  const message = 'This user has a configuration on the instance already.';
  await inTransaction(deps, async (session) => {
    const { instances, userConfigs } = deps.store;
    if (!(await holdParent(instances, instance._id, session))) throw notFound('The instance');
    // A test instance may have got another customer meanwhile.
    const held = await instances.findById(instance._id, { customerId: 1 }, { session }).lean<Instance>();
    config.customerId = held?.customerId ?? null;
    await userConfigs.create([config], { session });
  }).catch((error: unknown) => {
    throw duplicateAsConflict(error, { externalId: { field: 'externalId', message } });
  });
  await startUserFlows(deps, config);
  return config;
}
