import { type Connection, Schema } from 'mongoose';
import { type SealedField, sealedFields } from './shared-connection.model';

/** One customer's values of a shared connection. */
export interface CustomerConnection {
  _id: string;
  organizationId: string;
  sharedConnectionId: string;
  customerId: string;
  sealedInputs: SealedField[];
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<CustomerConnection>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  sharedConnectionId: { type: String, required: true },
  customerId: { type: String, required: true },
  sealedInputs: sealedFields,
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ sharedConnectionId: 1, customerId: 1 }, { unique: true });
schema.index({ organizationId: 1, customerId: 1 });

export const customerConnectionModel = (connection: Connection) =>
  connection.model<CustomerConnection>('CustomerConnection', schema, 'customer_connections');
