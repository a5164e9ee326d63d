import { type Connection, Schema } from 'mongoose';
import { type DeployedTemplate, deployedTemplateSchema } from './connection-template.model';
import { type StoredConfigVariable, storedConfigVariableSchema } from './instance.model';
import type { RunProfile } from './instance-profile.model';

/** The configuration of one deploy, immutable: an execution keeps the revision it began with. */
export interface ConfigRevision {
  _id: string;
  instanceId: string;
  revision: number;
  /** Null for the test instance, which runs the draft. */
  versionId: string | null;
  planId: string;
  configVariables: StoredConfigVariable[];
  /** The presets of connections that the plan names; absent for none. */
  templates?: DeployedTemplate[];
  /** As it was at the deploy; absent for none. */
  profile?: RunProfile;
  createdAt: Date;
  createdBy: string;
}

const schema = new Schema<ConfigRevision>({
  _id: { type: String, required: true },
  instanceId: { type: String, required: true },
  revision: { type: Number, required: true },
  versionId: { type: String, default: null },
  planId: { type: String, required: true },
  configVariables: { type: [storedConfigVariableSchema], default: [] },
  profile: { type: Schema.Types.Mixed },
  templates: { type: [deployedTemplateSchema], default: undefined },
  createdAt: { type: Date, required: true },
  createdBy: { type: String, default: '' },
});
schema.index({ instanceId: 1, revision: 1 }, { unique: true });

export const configRevisionModel = (connection: Connection) =>
  connection.model<ConfigRevision>('ConfigRevision', schema, 'config_revisions');
