import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Organization } from '../../store/models/organization.model';
import type { User } from '../../store/models/user.model';
import type { Deps } from '../context';
import { parseInput } from '../parse-input';

export const bootstrapOrganizationInput = z.object({
  organizationName: z.string().trim().min(1),
  ownerEmail: z.email(),
  ownerName: z.string(),
});

/** Makes the organization of that name and its owner; what is there already stays as it is. */
export async function bootstrapOrganization(
  deps: Pick<Deps, 'store'>,
  raw: z.input<typeof bootstrapOrganizationInput>,
): Promise<{ organization: Organization; owner: User }> {
  const input = parseInput(bootstrapOrganizationInput, raw);
  const createdAt = new Date();
  const organization = await deps.store.organizations
    .findOneAndUpdate(
      { name: input.organizationName },
      { $setOnInsert: { _id: randomUUID(), createdAt } },
      { upsert: true, returnDocument: 'after' },
    )
    .lean<Organization>();
  const owner = await deps.store.users
    .findOneAndUpdate(
      { organizationId: organization._id, email: input.ownerEmail },
      { $setOnInsert: { _id: randomUUID(), name: input.ownerName, role: 'owner', createdAt } },
      { upsert: true, returnDocument: 'after' },
    )
    .lean<User>();
  return { organization, owner };
}
