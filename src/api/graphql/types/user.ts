import { mayWriteInstance } from '../../../services/authorize';
import type { Organization } from '../../../store/models/organization.model';
import type { Role, User } from '../../../store/models/user.model';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';

const ROLES: Record<Role, { name: string; description: string }> = {
  owner: { name: 'Owner', description: 'Does everything, the organization’s settings included.' },
  admin: { name: 'Admin', description: 'Manages customers, integrations and instances.' },
  integrator: { name: 'Integrator', description: 'Builds integrations and sets up instances.' },
  guest: { name: 'Guest', description: 'Reads everything and changes nothing.' },
  customer_admin: { name: 'Customer Admin', description: 'Manages the instances of one customer.' },
  customer_member: { name: 'Customer Member', description: 'Reads the objects of one customer.' },
};

export const userFields: FieldsOf<User> = {
  ...same<User>('name', 'email', 'externalId', 'phone', 'createdAt'),
  id: (user) => toGlobalId('User', user._id),
  role: (user) => ({ id: toGlobalId('Role', user.role), ...ROLES[user.role] }),
  tenantId: (user) => user.organizationId,
  org: (_user, _args, { load }) => load.organization(),
  customer: (user, _args, { load }) => (user.customerId === null ? null : load.customer(user.customerId)),
};

export const organizationFields: FieldsOf<Organization> = {
  ...same<Organization>('name', 'avatarUrl', 'createdAt'),
  id: (organization) => toGlobalId('Organization', organization._id),
  allowAddConnectionTemplate: (_organization, _args, { ctx }) => mayWriteInstance(ctx, { customerId: null }),
};
