import { type Connection, Schema } from 'mongoose';

/** A component's key within an organization: whose it is, and how far its versions are counted. */
export interface ComponentName {
  /** Organization, public or private, and key. */
  _id: string;
  organizationId: string;
  /** Set for a component that one customer alone may use. */
  customerId: string | null;
  key: string;
  isPublic: boolean;
  /** Number of the newest publish; a number is never given twice, also when its version was deleted. */
  lastVersionNumber: number;
}

const schema = new Schema<ComponentName>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  key: { type: String, required: true },
  isPublic: { type: Boolean, required: true },
  lastVersionNumber: { type: Number, required: true },
});

export const componentNameModel = (connection: Connection) =>
  connection.model<ComponentName>('ComponentName', schema, 'component_names');
