import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import { AppError, notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { duplicateAsConflict, holdParent, inTransaction } from '../transaction';
import { describeDraft } from './describe-draft';
import { findDraftOrVersion } from './find-integration';
import { NAME_TAKEN } from './import-integration';

export const updateIntegrationInput = z.object({
  id: z.string(),
  name: nameInput('An integration').nullish(),
  description: z.string().nullish(),
  customerId: z.string().nullish().describe('The customer who owns it; null gives it to the organization.'),
  avatarUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .nullish()
    .describe('Of its picture; null for none.'),
});

/**
 * Changes the fields that are given. Name and description are those of the draft and change in its definition
 * too; published versions keep theirs. Throws `invalid_state` when other customers have instances of it.
 */
export async function updateIntegration(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateIntegrationInput>,
): Promise<Integration> {
  const input = parseInput(updateIntegrationInput, raw);
  const { integration } = await findDraftOrVersion(deps, ctx, input.id);
  requireWriter(ctx);
  if (isGiven(input.customerId)) await findCustomer(deps, ctx, input.customerId);
  try {
    return await inTransaction(deps, (session) => change(deps, { ...input, id: integration._id }, session));
  } catch (error) {
    throw duplicateAsConflict(error, NAME_TAKEN);
  }
}

async function change(
  deps: Deps,
  { id, name, description, customerId, avatarUrl }: z.output<typeof updateIntegrationInput>,
  session: ClientSession,
): Promise<Integration> {
  const { integrations, instances } = deps.store;
  const present = await integrations.findById(id, null, { session }).lean<Integration>();
  if (!present) throw notFound('The integration');
  const texts = { ...(!isGiven(name) ? {} : { name }), ...(!isGiven(description) ? {} : { description }) };
  const changes: Partial<Integration> = { ...texts, updatedAt: new Date() };
  if (avatarUrl !== undefined) changes.avatarUrl = avatarUrl;
  if (Object.keys(texts).length > 0) changes.definition = describeDraft(present.definition, texts);
  if (customerId !== undefined && customerId !== present.customerId) {
    await moveToCustomer(deps, id, customerId, session);
    changes.customerId = customerId;
  }
  if (isGiven(name)) {
    await instances.updateOne({ integrationId: id, isSystem: true }, { $set: { name } }, { session });
  }
  const changed = await integrations
    .findByIdAndUpdate(id, { $set: changes }, { returnDocument: 'after', session })
    .lean<Integration>();
  if (!changed) throw notFound('The integration');
  return changed;
}

async function moveToCustomer(
  deps: Deps,
  integrationId: string,
  customerId: string | null,
  session: ClientSession,
): Promise<void> {
  const { customers, flowConfigs, instances, integrationVersions } = deps.store;
  if (customerId !== null) {
    if (!(await holdParent(customers, customerId, session))) throw notFound('The customer');
    const foreign = await instances
      .findOne({ integrationId, isSystem: false, customerId: { $ne: customerId } }, null, { session })
      .lean<Instance>();
    if (foreign) {
      const message = `Another customer has the instance "${foreign.name}" of this integration.`;
      throw new AppError('invalid_state', message, { faults: [{ field: 'customer', messages: [message] }] });
    }
  }
  const test = await instances
    .findOneAndUpdate({ integrationId, isSystem: true }, { $set: { customerId } }, { session })
    .lean<Instance>();
  await integrationVersions.updateMany({ integrationId }, { $set: { customerId } }, { session });
  if (test) await flowConfigs.updateMany({ instanceId: test._id }, { $set: { customerId } }, { session });
}
