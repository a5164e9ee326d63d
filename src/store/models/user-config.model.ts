import { type Connection, Schema } from 'mongoose';
import { type StoredConfigVariable, storedConfigVariableSchema } from './instance.model';

/** The values that an end user of the customer has on an instance, for the pages that each user fills in. */
export interface UserConfig {
  _id: string;
  organizationId: string;
  /** Null on the test instance of an integration. */
  customerId: string | null;
  instanceId: string;
  /** The user's id in the software company's own system; unique on the instance. */
  externalId: string;
  name: string;
  email: string;
  /** By stable key, so that versions may rename a variable. */
  configVariables: StoredConfigVariable[];
  /** Raised with each change of the values: a run keeps those that it began with. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<UserConfig>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  instanceId: { type: String, required: true },
  externalId: { type: String, required: true },
  name: { type: String, default: '' },
  email: { type: String, default: '' },
  configVariables: { type: [storedConfigVariableSchema], default: [] },
  revision: { type: Number, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ instanceId: 1, externalId: 1 }, { unique: true });

export const userConfigModel = (connection: Connection) =>
  connection.model<UserConfig>('UserConfig', schema, 'user_configs');

/** Values that a user had before a change, for runs that began with them. */
export interface FormerUserValues {
  /** `<id of the user config>/<revision>`. */
  _id: string;
  userConfigId: string;
  instanceId: string;
  configVariables: StoredConfigVariable[];
  replacedAt: Date;
}

/** Runs that last longer after a change go on with the present values. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

const former = new Schema<FormerUserValues>({
  _id: { type: String, required: true },
  userConfigId: { type: String, required: true },
  instanceId: { type: String, required: true },
  configVariables: { type: [storedConfigVariableSchema], default: [] },
  replacedAt: { type: Date, required: true },
});
former.index({ userConfigId: 1 });
former.index({ instanceId: 1 });
former.index({ replacedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const formerUserValuesModel = (connection: Connection) =>
  connection.model<FormerUserValues>('FormerUserValues', former, 'former_user_values');
