import { type Connection, Schema } from 'mongoose';

/** A state object that outlives its run, whole, as the last successful run left it. */
export interface StoredState {
  /** `flow:<flowConfigId>`, `instance:<instanceId>` or `integration:<integrationId>`: whose it is. */
  _id: string;
  /** Null for an integration's. */
  instanceId: string | null;
  /** The object, sealed, or its blob, behind 16 bytes that make the blob this state's alone. */
  data: Buffer | null;
  blobId: string | null;
  /** Its size, sealed. */
  bytes: number;
  /** The execution, or the revision of a deploy, that wrote it last. */
  writtenBy: string;
  updatedAt: Date;
}

const schema = new Schema<StoredState>({
  _id: { type: String, required: true },
  instanceId: { type: String, default: null },
  data: { type: Buffer, default: null },
  blobId: { type: String, default: null },
  bytes: { type: Number, required: true },
  writtenBy: { type: String, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ instanceId: 1 });

export const stateModel = (connection: Connection) =>
  connection.model<StoredState>('StoredState', schema, 'states');
