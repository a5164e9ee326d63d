import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import { invalidField, notFound } from '../../errors';
import type { Integration } from '../../store/models/integration.model';
import type { Actor, Deps } from '../context';
import { holdParent } from '../transaction';
import type { CompiledDefinition } from './desk/desk-requests';

interface Draft {
  /** Null: the integration of that name, or a new one. */
  id: string | null;
  /** The customer who owns a new integration; null for the organization itself. */
  customerId: string | null;
  compiled: CompiledDefinition;
  /** Whether code may take the place of a definition made by hand, or the other way round. */
  replace: boolean;
  /** As it was given. */
  text: string;
}

/** Stores a checked definition as a draft, within a transaction. */
export async function storeDraft(
  deps: Deps,
  { organizationId }: Actor,
  { id, customerId, replace, compiled, text }: Draft,
  session: ClientSession,
): Promise<Integration> {
  const { integrations, customers } = deps.store;
  const { name, description, category, labels, isCodeNative, identities } = compiled;
  const now = new Date();
  const texts = { name, description, category, labels, definition: text };
  const content = { ...texts, isCodeNative, identities, updatedAt: now };
  const filter = { organizationId, ...(id === null ? { name } : { _id: id }) };
  const before = await integrations.findOne(filter, { isCodeNative: 1 }, { session }).lean<Integration>();
  if (before && !replace) refuseOtherKind(before, compiled);
  const present = await integrations
    .findOneAndUpdate(filter, { $set: content }, { returnDocument: 'after', session })
    .lean<Integration>();
  if (present) {
    if (customerId === null || customerId === present.customerId) return present;
    throw invalidField('customer', 'This integration belongs elsewhere; an import does not move it.');
  }
  if (id !== null) throw notFound('The integration');
  if (customerId !== null && !(await holdParent(customers, customerId, session)))
    throw notFound('The customer');
  const created: Integration = {
    _id: randomUUID(),
    organizationId,
    customerId,
    ...content,
    latestVersionNumber: 0,
    createdAt: now,
  };
  await integrations.create([created], { session });
  return created;
}

/** Most likely somebody gave the wrong id or name: what was drawn by hand would be gone. */
function refuseOtherKind(
  before: Pick<Integration, 'isCodeNative'>,
  { isCodeNative }: CompiledDefinition,
): void {
  if (before.isCodeNative === undefined || before.isCodeNative === isCodeNative) return;
  const [was, becomes] = isCodeNative ? ['a plain definition', 'code'] : ['code', 'a plain definition'];
  throw invalidField(
    'replace',
    `The draft of this integration is ${was}, and this import makes it ${becomes}. Import it with \`replace\` if that is meant.`,
  );
}
