import { type Connection, Schema } from 'mongoose';
import type { ComponentManifest } from '../../components/manifest';

/**
 * `pending`: published, but its package has not arrived or is being checked. `ready`: can be used. `refused`: its
 * package did not pass the checks.
 */
export type ComponentStatus = 'pending' | 'ready' | 'refused';

/** One version of a component. Built-ins belong to no organization and are always ready. */
export interface ComponentVersion {
  _id: string;
  organizationId: string | null;
  /** Set for a component that one customer alone may use. */
  customerId: string | null;
  key: string;
  isPublic: boolean;
  versionNumber: number;
  /** The newest ready version of its key; at most one a key has it. */
  isLatest: boolean;
  status: ComponentStatus;
  /** Why it was refused, for the publisher; empty otherwise. */
  statusReason: string;
  /** Hex SHA-1 of the package, or of the manifest for a built-in; empty while there is no package. */
  signature: string;
  manifest: ComponentManifest;
  /** The code of a code-native integration, found only by those who ask for such. */
  isCodeNative: boolean;
  comment: string;
  /** JSON text: commit hash and the like. */
  attributes: string | null;
  /** Everything that was published of it, as JSON in the blob store: fields that nobody reads yet are kept. */
  definitionBlobId: string | null;
  packageBlobId: string | null;
  sourceBlobId: string | null;
  /** When it was last looked at whether anything refers to it; null before. Of code-native bundles. */
  lookedAt?: Date | null;
  /** When the package began to arrive; a second upload is refused for a while then. */
  receivedAt: Date | null;
  createdAt: Date;
  /** Null for built-ins. */
  createdBy: string | null;
}

const schema = new Schema<ComponentVersion>(
  {
    _id: { type: String, required: true },
    organizationId: { type: String, default: null },
    customerId: { type: String, default: null },
    key: { type: String, required: true },
    isPublic: { type: Boolean, required: true },
    versionNumber: { type: Number, required: true },
    isLatest: { type: Boolean, required: true },
    status: { type: String, default: 'ready' },
    statusReason: { type: String, default: '' },
    signature: { type: String, default: '' },
    manifest: { type: Schema.Types.Mixed, required: true },
    isCodeNative: { type: Boolean, default: false },
    comment: { type: String, default: '' },
    attributes: { type: String, default: null },
    definitionBlobId: { type: String, default: null },
    packageBlobId: { type: String, default: null },
    sourceBlobId: { type: String, default: null },
    lookedAt: { type: Date, default: null },
    receivedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, default: null },
  },
  // Empty maps of a manifest stay what they are.
  { minimize: false },
);
schema.index({ organizationId: 1, isPublic: 1, key: 1, versionNumber: 1 }, { unique: true });
schema.index({ signature: 1 });
// Bundles that may be of no use any more, those first that were not looked at for longest.
schema.index(
  { organizationId: 1, lookedAt: 1, createdAt: 1 },
  { partialFilterExpression: { isCodeNative: true } },
);
// The same package is one version of a component only.
schema.index(
  { organizationId: 1, isPublic: 1, key: 1, signature: 1 },
  { unique: true, partialFilterExpression: { status: 'ready', organizationId: { $type: 'string' } } },
);

export const componentVersionModel = (connection: Connection) =>
  connection.model<ComponentVersion>('ComponentVersion', schema, 'component_versions');
