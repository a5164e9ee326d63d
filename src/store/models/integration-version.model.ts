import { type Connection, Schema } from 'mongoose';

/** A published, immutable version of an integration. Only its availability may change. */
export interface IntegrationVersion {
  _id: string;
  integrationId: string;
  organizationId: string;
  customerId: string | null;
  versionNumber: number;
  name: string;
  description: string;
  category: string;
  labels: string[];
  definition: string;
  planId: string;
  comment: string;
  /** JSON text: commit hash and the like. */
  attributes: string | null;
  isCodeNative?: boolean;
  avatarUrl?: string | null;
  isAvailable: boolean;
  createdBy: string;
  createdAt: Date;
}

const schema = new Schema<IntegrationVersion>({
  _id: { type: String, required: true },
  integrationId: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  versionNumber: { type: Number, required: true },
  name: { type: String, required: true },
  description: { type: String, default: '' },
  category: { type: String, default: '' },
  labels: { type: [String], default: [] },
  definition: { type: String, required: true },
  planId: { type: String, required: true },
  comment: { type: String, default: '' },
  attributes: { type: String, default: null },
  isCodeNative: { type: Boolean },
  avatarUrl: { type: String },
  isAvailable: { type: Boolean, default: true },
  createdBy: { type: String, required: true },
  createdAt: { type: Date, required: true },
});
schema.index({ integrationId: 1, versionNumber: 1 }, { unique: true });

export const integrationVersionModel = (connection: Connection) =>
  connection.model<IntegrationVersion>('IntegrationVersion', schema, 'integration_versions');
