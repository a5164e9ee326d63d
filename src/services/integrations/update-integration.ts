import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import { AppError, notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { leaveCustomer } from '../instances/leave-customer';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { dropForeignResources } from '../on-premise/drop-foreign';
import { parseInput } from '../parse-input';
import { duplicateAsConflict, holdParent, inTransaction } from '../transaction';
import { atDesk } from './desk/at-desk';
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
 * too; published versions keep theirs. A customer who no longer owns it takes along what its test instance got meanwhile.
 * Throws `invalid_state` when other customers have instances of it.
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
  let draft = integration.definition;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const described = await describe(integration.organizationId, draft, textsOf(input));
    const wanted = { ...input, id: integration._id };
    try {
      const result = await inTransaction(deps, (session) => change(deps, wanted, described, session));
      if ('draft' in result) {
        draft = result.draft;
        continue;
      }
      // One that stays goes with the integration.
      await Promise.allSettled(result.blobIds.map((id) => deps.store.blobs.discard(id)));
      return result.changed;
    } catch (error) {
      throw duplicateAsConflict(error, NAME_TAKEN);
    }
  }
  throw new AppError('conflict', 'The draft was changed while it was given another name or description.');
}

/** How often a draft may change under an update before it is given up. */
const TRIES = 3;

type Update = z.output<typeof updateIntegrationInput>;

const textsOf = ({ name, description }: Update) => ({
  ...(!isGiven(name) ? {} : { name }),
  ...(!isGiven(description) ? {} : { description }),
});

/** A draft's text, and the same with the texts of an update; null when that has none. */
interface Described {
  before: string;
  after: string;
}

async function describe(
  organizationId: string,
  before: string,
  fields: ReturnType<typeof textsOf>,
): Promise<Described | null> {
  if (Object.keys(fields).length === 0) return null;
  const after = await atDesk(organizationId, before, (ask) => ask('describe', { text: before, fields }));
  return { before, after };
}

/** Answers the draft when it is no longer the one that was described, else also blobs that nothing refers to any more. */
async function change(
  deps: Deps,
  input: Update,
  described: Described | null,
  session: ClientSession,
): Promise<{ changed: Integration; blobIds: string[] } | { draft: string }> {
  const { id, customerId, avatarUrl } = input;
  const { integrations, instances } = deps.store;
  const present = await integrations.findById(id, null, { session }).lean<Integration>();
  if (!present) throw notFound('The integration');
  if (described && described.before !== present.definition) return { draft: present.definition };
  const texts = textsOf(input);
  const changes: Partial<Integration> = { ...texts, updatedAt: new Date() };
  if (avatarUrl !== undefined) changes.avatarUrl = avatarUrl;
  if (described) changes.definition = described.after;
  let blobIds: string[] = [];
  if (customerId !== undefined && customerId !== present.customerId) {
    blobIds = await moveToCustomer(deps, id, customerId, session);
    changes.customerId = customerId;
  }
  if (texts.name !== undefined) {
    const { name } = texts;
    await instances.updateOne({ integrationId: id, isSystem: true }, { $set: { name } }, { session });
  }
  const changed = await integrations
    .findByIdAndUpdate(id, { $set: changes }, { returnDocument: 'after', session })
    .lean<Integration>();
  if (!changed) throw notFound('The integration');
  return { changed, blobIds };
}

/** Answers blobs that nothing refers to any more. */
async function moveToCustomer(
  deps: Deps,
  integrationId: string,
  customerId: string | null,
  session: ClientSession,
): Promise<string[]> {
  const { customers, flowConfigs, instances, integrationVersions, userConfigs } = deps.store;
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
  if (!test) return [];
  await dropForeignResources(deps, { ...test, customerId }, session);
  const ofTest = { instanceId: test._id };
  await flowConfigs.updateMany(ofTest, { $set: { customerId } }, { session });
  await userConfigs.updateMany(ofTest, { $set: { customerId } }, { session });
  return test.customerId === null ? [] : leaveCustomer(deps, test, session);
}
