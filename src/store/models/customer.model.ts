import { type Connection, Schema } from 'mongoose';

/** A customer of the organization; owns instances. */
export interface Customer {
  _id: string;
  organizationId: string;
  name: string;
  externalId: string | null;
  description: string;
  labels: string[];
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<Customer>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  name: { type: String, required: true },
  externalId: { type: String, default: null },
  description: { type: String, default: '' },
  labels: { type: [String], default: [] },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, name: 1 }, { unique: true });
schema.index(
  { organizationId: 1, externalId: 1 },
  { unique: true, partialFilterExpression: { externalId: { $type: 'string' } } },
);

export const customerModel = (connection: Connection) =>
  connection.model<Customer>('Customer', schema, 'customers');
