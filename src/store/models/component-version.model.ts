import { type Connection, Schema } from 'mongoose';
import type { ComponentManifest } from '../../components/manifest';

/** One version of a component. Built-ins belong to no organization. */
export interface ComponentVersion {
  _id: string;
  organizationId: string | null;
  key: string;
  isPublic: boolean;
  versionNumber: number;
  /** The newest version of its key; exactly one a key has it. */
  isLatest: boolean;
  /** Hex SHA-1 of the package, or of the manifest for a built-in. */
  signature: string;
  manifest: ComponentManifest;
  createdAt: Date;
}

const schema = new Schema<ComponentVersion>(
  {
    _id: { type: String, required: true },
    organizationId: { type: String, default: null },
    key: { type: String, required: true },
    isPublic: { type: Boolean, required: true },
    versionNumber: { type: Number, required: true },
    isLatest: { type: Boolean, required: true },
    signature: { type: String, required: true },
    manifest: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
  },
  // Empty maps of a manifest stay what they are.
  { minimize: false },
);
schema.index({ organizationId: 1, isPublic: 1, key: 1, versionNumber: 1 }, { unique: true });

export const componentVersionModel = (connection: Connection) =>
  connection.model<ComponentVersion>('ComponentVersion', schema, 'component_versions');
