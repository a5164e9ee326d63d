import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import { AppError } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { removeInstance } from '../instances/remove-instance';
import { parseInput } from '../parse-input';
import { removeIntegrationState } from '../state/remove-states';
import { inTransaction } from '../transaction';
import { findIntegration } from './find-integration';

export const deleteIntegrationInput = z.object({ id: z.string() });

/**
 * Deletes an integration with its draft, versions and test instance. Refused with `invalid_state`, naming them,
 * while instances of it exist. Throws `not_found`.
 */
export async function deleteIntegration(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteIntegrationInput>,
): Promise<Integration> {
  const { id } = parseInput(deleteIntegrationInput, raw);
  const integration = await findIntegration(deps, ctx, id);
  requireWriter(ctx);
  await refuseWhileInstancesExist(deps, id, null);
  const test = await deps.store.instances.findOne({ integrationId: id, isSystem: true }).lean<Instance>();
  if (test) await removeInstance(deps, test);
  await inTransaction(deps, async (session) => {
    await refuseWhileInstancesExist(deps, id, session);
    await deletePlans(deps, id, session);
    await deps.store.integrationVersions.deleteMany({ integrationId: id }, { session });
    await deps.store.integrations.deleteOne({ _id: id }, { session });
  });
  await removeIntegrationState(deps, id);
  return integration;
}

const MAX_NAMED = 10;

async function refuseWhileInstancesExist(
  deps: Deps,
  id: string,
  session: ClientSession | null,
): Promise<void> {
  const found = await deps.store.instances
    .find({ integrationId: id, isSystem: false }, { name: 1 }, { session })
    .limit(MAX_NAMED + 1)
    .lean<Pick<Instance, 'name'>[]>();
  if (found.length === 0) return;
  const names = found.slice(0, MAX_NAMED).map(({ name }) => `"${name}"`);
  if (found.length > MAX_NAMED) names.push('more');
  const message = `Instances of this integration exist: ${names.join(', ')}. Delete them first.`;
  throw new AppError('invalid_state', message, { faults: [{ field: '__all__', messages: [message] }] });
}

/** Deletes the plans of its versions, save those that another integration's version has too. */
async function deletePlans(deps: Deps, integrationId: string, session: ClientSession): Promise<void> {
  const { integrationVersions, plans } = deps.store;
  const own = await integrationVersions.distinct('planId', { integrationId }).session(session);
  const elsewhere = await integrationVersions
    .distinct('planId', { integrationId: { $ne: integrationId }, planId: { $in: own } })
    .session(session);
  const unused = own.filter((planId) => !elsewhere.includes(planId));
  await plans.deleteMany({ _id: { $in: unused } }, { session });
}
