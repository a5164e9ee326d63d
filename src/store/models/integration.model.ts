import { type Connection, Schema } from 'mongoose';

/** An integration with its draft definition. Published versions are documents of their own. */
export interface Integration {
  _id: string;
  organizationId: string;
  /** Set for an integration that one customer owns. */
  customerId: string | null;
  name: string;
  description: string;
  category: string;
  labels: string[];
  /** The draft: YAML text as imported. */
  definition: string;
  /** JSON of the stable keys of the draft's flows and config variables; absent before its first import. */
  identities?: string | null;
  /** The draft is code whose definition was generated; absent where nothing was imported since that is known. */
  isCodeNative?: boolean;
  /** Address of its picture; absent for none. */
  avatarUrl?: string | null;
  /** Number of the newest published version; 0 before the first. */
  latestVersionNumber: number;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<Integration>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  name: { type: String, required: true },
  description: { type: String, default: '' },
  category: { type: String, default: '' },
  labels: { type: [String], default: [] },
  definition: { type: String, required: true },
  identities: { type: String, default: null },
  isCodeNative: { type: Boolean },
  avatarUrl: { type: String },
  latestVersionNumber: { type: Number, default: 0 },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, name: 1 }, { unique: true });

export const integrationModel = (connection: Connection) =>
  connection.model<Integration>('Integration', schema, 'integrations');
