import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Definition } from '../../definition';
import { invalidField, notFound } from '../../errors';
import type { Integration } from '../../store/models/integration.model';
import type { Actor, Deps } from '../context';
import { holdParent } from '../transaction';

interface Draft {
  /** Null: the integration of that name, or a new one. */
  id: string | null;
  /** The customer who owns a new integration; null for the organization itself. */
  customerId: string | null;
  definition: Definition;
  /** As it was given. */
  text: string;
  /** JSON of the stable keys of its flows and config variables. */
  identities: string;
}

/** Stores a checked definition as a draft, within a transaction. */
export async function storeDraft(
  deps: Deps,
  { organizationId }: Actor,
  { id, customerId, definition, text, identities }: Draft,
  session: ClientSession,
): Promise<Integration> {
  const { integrations, customers } = deps.store;
  const { name, description, category, labels, isCodeNative } = definition;
  const now = new Date();
  const texts = { name, description, category, labels, definition: text };
  const content = { ...texts, isCodeNative, identities, updatedAt: now };
  const present = await integrations
    .findOneAndUpdate(
      { organizationId, ...(id === null ? { name } : { _id: id }) },
      { $set: content },
      { returnDocument: 'after', session },
    )
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
