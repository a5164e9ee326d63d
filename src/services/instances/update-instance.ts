import { z } from 'zod';
import { invalidField, notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import { requireInstanceWriter, requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { holdParent, inTransaction } from '../transaction';
import { stageProfile } from './choose-profile';
import { chooseVersion } from './choose-version';
import { configVariableInput } from './config/config-variable-input';
import { findInstance } from './find-instance';
import { flowConfigInput, updateFlowConfigs } from './flow-configs/update-flow-configs';
import { applySchedules } from './schedules/apply-schedules';
import { stageDraft } from './stage-draft';

export const updateInstanceInput = z.object({
  id: z.string(),
  name: nameInput('An instance').nullish(),
  description: z.string().nullish(),
  labels: z.array(z.string()).nullish().describe('Replace the old ones.'),
  enabled: z.boolean().nullish(),
  globalDebug: z.boolean().nullish(),
  stepsPerActivity: z.int().min(1).nullish().describe('Null takes the limit away.'),
  profileId: z.string().nullish().describe('An instance profile; null for the default one.'),
  logsDisabled: z.boolean().nullish().describe('Keeps no log lines of its runs.'),
  stepResultsDisabled: z.boolean().nullish().describe('Keeps no outputs of steps of runs that have ended.'),
  versionId: z.string().nullish().describe('A version, or the integration for its newest available one.'),
  configVariables: z
    .array(configVariableInput)
    .nullish()
    .describe('Replace the set: what is left out falls back to its default.'),
  configVariablePatch: z.array(configVariableInput).nullish().describe('Change these only.'),
  flowConfigs: z.array(flowConfigInput).nullish(),
});

/**
 * Changes what is given. Version, config variables, profile and what is kept of runs are staged: they count from the
 * next deploy on. All else counts at once. Throws `invalid_input` with every fault; then nothing changes.
 */
export async function updateInstance(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateInstanceInput>,
): Promise<Instance> {
  const input = parseInput(updateInstanceInput, raw);
  const { id } = input;
  const before = await findInstance(deps, ctx, id);
  requireInstanceWriter(ctx, before);
  const version = await versionOf(deps, ctx, before, input.versionId ?? null);
  const updated = await inTransaction(deps, async (session) => {
    const found = await deps.store.instances.findById(id, null, { session }).lean<Instance>();
    // A test instance may have got another customer meanwhile.
    const present = requireVisible(ctx, found, 'The instance');
    const isCustomerUser = ctx.actor.customerId !== null;
    const staged = await stageDraft(deps, present, { ...input, version, isCustomerUser }, session);
    const profile = await stageProfile(deps, ctx, present, input);
    if (profile.profileId && !(await holdParent(deps.store.instanceProfiles, profile.profileId, session)))
      throw notFound('The instance profile');
    await updateFlowConfigs(deps, id, input.flowConfigs ?? [], session);
    const changed = await deps.store.instances
      .findByIdAndUpdate(
        id,
        { $set: { ...hotFields(input), ...staged, ...profile, updatedAt: new Date() } },
        { returnDocument: 'after', session },
      )
      .lean<Instance>();
    if (!changed) throw notFound('The instance');
    return changed;
  });
  if (isGiven(input.enabled) || input.stepsPerActivity !== undefined) await applySchedules(deps, id);
  return updated;
}

function hotFields(input: z.output<typeof updateInstanceInput>): Partial<Instance> {
  const fields: Partial<Instance> = {};
  if (isGiven(input.name)) fields.name = input.name;
  if (isGiven(input.description)) fields.description = input.description;
  if (isGiven(input.labels)) fields.labels = input.labels;
  if (isGiven(input.enabled)) fields.enabled = input.enabled;
  if (isGiven(input.globalDebug)) fields.globalDebug = input.globalDebug;
  if (input.stepsPerActivity !== undefined) fields.stepsPerActivity = input.stepsPerActivity;
  return fields;
}

/** The version to switch to; null to stay. */
async function versionOf(deps: Deps, ctx: RequestContext, instance: Instance, id: string | null) {
  if (id === null || id === instance.versionId) return null;
  if (instance.customerId === null || instance.isSystem) {
    throw invalidField('integration', 'This is a test instance: it runs the draft and has no version.');
  }
  const version = await chooseVersion(deps, ctx, id, instance.customerId);
  if (version.integrationId === instance.integrationId) return version;
  throw invalidField('integration', `"${version.name}" is another integration than that of this instance.`);
}
