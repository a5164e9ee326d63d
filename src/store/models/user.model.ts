import { type Connection, Schema } from 'mongoose';

export const ORGANIZATION_ROLES = ['owner', 'admin', 'integrator', 'guest'] as const;
export const CUSTOMER_ROLES = ['customer_admin', 'customer_member'] as const;
export type Role = (typeof ORGANIZATION_ROLES)[number] | (typeof CUSTOMER_ROLES)[number];

/** A person of the organization, or of one of its customers (`customerId` set). */
export interface User {
  _id: string;
  organizationId: string;
  customerId: string | null;
  email: string;
  name: string;
  externalId: string | null;
  phone: string;
  role: Role;
  /** Raised to revoke every access token of the user at once. */
  tokenGeneration: number;
  createdAt: Date;
}

const schema = new Schema<User>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  email: { type: String, required: true },
  name: { type: String, default: '' },
  externalId: { type: String, default: null },
  phone: { type: String, default: '' },
  role: { type: String, required: true },
  tokenGeneration: { type: Number, default: 0 },
  createdAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, email: 1 }, { unique: true });

export const userModel = (connection: Connection) => connection.model<User>('User', schema, 'users');
