import { type Connection, Schema } from 'mongoose';
import { type StoredConfigVariable, storedConfigVariableSchema } from './instance.model';

/** The configuration of one deploy, immutable: an execution keeps the revision it began with. */
export interface ConfigRevision {
  _id: string;
  instanceId: string;
  revision: number;
  versionId: string;
  planId: string;
  configVariables: StoredConfigVariable[];
  createdAt: Date;
  createdBy: string;
}

const schema = new Schema<ConfigRevision>({
  _id: { type: String, required: true },
  instanceId: { type: String, required: true },
  revision: { type: Number, required: true },
  versionId: { type: String, required: true },
  planId: { type: String, required: true },
  configVariables: { type: [storedConfigVariableSchema], default: [] },
  createdAt: { type: Date, required: true },
  createdBy: { type: String, required: true },
});
schema.index({ instanceId: 1, revision: 1 }, { unique: true });

export const configRevisionModel = (connection: Connection) =>
  connection.model<ConfigRevision>('ConfigRevision', schema, 'config_revisions');
