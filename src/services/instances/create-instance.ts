import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { nameInput } from '../name-input';
import { checkChosen } from '../on-premise/check-chosen';
import { parseInput } from '../parse-input';
import { holdParent, inTransaction } from '../transaction';
import { chooseProfile } from './choose-profile';
import { chooseVersion } from './choose-version';
import { applyInputs } from './config/apply-inputs';
import { configVariableInput } from './config/config-variable-input';
import { sealVariables } from './config/open-variables';
import { syncFlowConfigs } from './flow-configs/sync-flow-configs';
import { planOfVersion } from './instance-plan';

export const createInstanceInput = z.object({
  name: nameInput('An instance'),
  description: z.string().nullish(),
  integrationId: z.string().describe('A version’s id, or an integration’s for its newest available version.'),
  customerId: z.string(),
  configVariables: z.array(configVariableInput).nullish(),
  labels: z.array(z.string()).nullish(),
  stepsPerActivity: z
    .int()
    .min(1)
    .nullish()
    .describe('Actions that share one Temporal activity at most; no limit if not given.'),
  profileId: z
    .string()
    .nullish()
    .describe('An instance profile; the one that the definition names, or the default one, if not given.'),
  logsDisabled: z.boolean().nullish().describe('Keeps no log lines of its runs.'),
  stepResultsDisabled: z.boolean().nullish().describe('Keeps no outputs of steps of runs that have ended.'),
});

/**
 * Sets a published version up for a customer: pinned to that version, disabled and undeployed. Throws
 * `invalid_input` on `integration` without an available version, and for every bad config variable.
 */
export async function createInstance(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createInstanceInput>,
): Promise<Instance> {
  const input = parseInput(createInstanceInput, raw);
  const customer = await findCustomer(deps, ctx, input.customerId);
  requireInstanceWriter(ctx, { customerId: customer._id });
  const version = await chooseVersion(deps, ctx, input.integrationId, customer._id);
  const plan = await planOfVersion(deps, version);
  const isCustomerUser = ctx.actor.customerId !== null;
  const variables = applyInputs({
    configVars: plan.configVars,
    present: new Map(),
    inputs: input.configVariables ?? [],
    mode: 'replace',
    isCustomerUser,
  });
  const { organizationId } = customer;
  const change = { before: new Map(), after: variables, isCustomerUser };
  await checkChosen(deps, { organizationId, customerId: customer._id }, change);
  const profileId = await chooseProfile(deps, ctx, { profileId: input.profileId, plan });
  const now = new Date();
  const instance: Instance = {
    _id: randomUUID(),
    organizationId: customer.organizationId,
    customerId: customer._id,
    integrationId: version.integrationId,
    versionId: version._id,
    name: input.name,
    description: input.description ?? '',
    labels: input.labels ?? [],
    isSystem: false,
    enabled: false,
    needsDeploy: true,
    globalDebug: false,
    stepsPerActivity: input.stepsPerActivity ?? null,
    profileId,
    ...(input.logsDisabled && { logsDisabled: true }),
    ...(input.stepResultsDisabled && { stepResultsDisabled: true }),
    configVariables: sealVariables(deps.sealer, variables.values()),
    deployment: null,
    createdAt: now,
    updatedAt: now,
  };
  await inTransaction(deps, async (session) => {
    const { customers, integrations, instances, instanceProfiles } = deps.store;
    if (!(await holdParent(customers, customer._id, session))) throw notFound('The customer');
    if (!(await holdParent(integrations, version.integrationId, session))) throw notFound('The integration');
    if (profileId !== null && !(await holdParent(instanceProfiles, profileId, session)))
      throw notFound('The instance profile');
    await instances.create([instance], { session });
    await syncFlowConfigs(deps, instance, plan.flows, session);
  });
  return instance;
}
