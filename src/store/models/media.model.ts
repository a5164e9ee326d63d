import { type Connection, Schema } from 'mongoose';

/** An uploaded picture, such as an icon; whoever knows its id may see it. */
export interface Media {
  _id: string;
  organizationId: string;
  /** The component version that it is an icon of; deleted with it. Null for a picture of its own. */
  componentVersionId: string | null;
  /** `icon`, or the key of a connection and what the picture is for it. */
  purpose: string;
  contentType: string;
  blobId: string;
  createdAt: Date;
}

const schema = new Schema<Media>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  componentVersionId: { type: String, default: null },
  purpose: { type: String, default: '' },
  contentType: { type: String, required: true },
  blobId: { type: String, required: true },
  createdAt: { type: Date, required: true },
});
schema.index({ componentVersionId: 1 });

export const mediaModel = (connection: Connection) => connection.model<Media>('Media', schema, 'media');
