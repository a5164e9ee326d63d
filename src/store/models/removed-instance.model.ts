import { type Connection, Schema } from 'mongoose';

/** An instance that was deleted lately, so that what is written late for it can be removed. */
export interface RemovedInstance {
  /** The instance's id. */
  _id: string;
  removedAt: Date;
}

const schema = new Schema<RemovedInstance>({
  _id: { type: String, required: true },
  removedAt: { type: Date, required: true },
});
schema.index({ removedAt: 1 }, { expireAfterSeconds: 86_400 });

export const removedInstanceModel = (connection: Connection) =>
  connection.model<RemovedInstance>('RemovedInstance', schema, 'removed_instances');
