import { type Connection, Schema } from 'mongoose';

/** A field of a connection as stored: sealed, since any may hold a secret. */
export interface SealedField {
  name: string;
  sealedValue: string;
}

/** A connection that is set up once and that many instances use; definitions name its stable key. */
export interface SharedConnection {
  _id: string;
  organizationId: string;
  stableKey: string;
  name: string;
  description: string;
  /** Whose connection type it is. */
  component: { key: string; isPublic: boolean };
  /** JSON of the connection type, as plans hold it: its fields are those of the component's version at creation. */
  connection: string;
  /** Who sets the values: `customer` lets each customer's users set theirs. */
  managedBy: 'org' | 'customer' | 'system';
  /** For whom one set of values is: the whole organization, or each customer. */
  variableScope: 'org' | 'customer';
  /** The organization's values; where each customer has some, they count under those. */
  sealedInputs: SealedField[];
  createdAt: Date;
  updatedAt: Date;
}

export const sealedFields = { type: [{ _id: false, name: String, sealedValue: String }], default: [] };

const schema = new Schema<SharedConnection>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  stableKey: { type: String, required: true },
  name: { type: String, required: true },
  description: { type: String, default: '' },
  component: { key: { type: String, required: true }, isPublic: { type: Boolean, required: true } },
  connection: { type: String, required: true },
  managedBy: { type: String, required: true },
  variableScope: { type: String, required: true },
  sealedInputs: sealedFields,
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, stableKey: 1 }, { unique: true });

export const sharedConnectionModel = (connection: Connection) =>
  connection.model<SharedConnection>('SharedConnection', schema, 'shared_connections');
