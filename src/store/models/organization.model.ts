import { type Connection, Schema } from 'mongoose';

/** The software company whose customers the integrations serve. */
export interface Organization {
  _id: string;
  name: string;
  avatarUrl: string | null;
  createdAt: Date;
}

const schema = new Schema<Organization>({
  _id: { type: String, required: true },
  name: { type: String, required: true, unique: true },
  avatarUrl: { type: String, default: null },
  createdAt: { type: Date, required: true },
});

export const organizationModel = (connection: Connection) =>
  connection.model<Organization>('Organization', schema, 'organizations');
