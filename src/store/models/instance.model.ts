import { type Connection, Schema } from 'mongoose';
import type { RunProfile } from './instance-profile.model';

/** A config variable's value as stored: always sealed, since any of them may hold a secret. */
export interface StoredConfigVariable {
  key: string;
  /** Sealed text of the value; null when unset (the default counts). */
  sealedValue: string | null;
  /** Connections: sealed text of each field that was set by hand. */
  sealedInputs: { name: string; sealedValue: string }[];
  timeZone: string | null;
  /** Connections: the on-premise resource whose agent stands for host and port; absent for none. */
  onPremiseResourceId?: string;
}

/** What is deployed: a configuration revision of a version. */
export interface Deployment {
  configRevisionId: string;
  revision: number;
  versionId: string;
  planId: string;
  deployedAt: Date;
  deployedBy: string;
  /** Flows that fetch what is there already have not been started yet; absent once they have. */
  firstSync?: 'due';
  /** As the revision has it; absent for none. */
  profile?: RunProfile;
  /** Ids of the presets of connections whose values it has; absent for none. */
  templateIds?: string[];
}

/** Flows of a revision whose triggers may have set up something elsewhere. */
export interface LeftBehind {
  configRevisionId: string;
  revision: number;
  planId: string;
  flowStableKeys: string[];
}

/** What the test instance ran last with the test configuration. */
export interface TestDeployment {
  configRevisionId: string;
  revision: number;
  planId: string;
  /** Of the test configuration as stored. */
  configHash: string;
}

/** A version of an integration set up for a customer. */
export interface Instance {
  _id: string;
  organizationId: string;
  /** Null only for the test instance of an integration. */
  customerId: string | null;
  integrationId: string;
  /** The chosen version; null only for the test instance, which follows the draft. */
  versionId: string | null;
  name: string;
  description: string;
  labels: string[];
  /** The test instance of its integration; hidden from lists. */
  isSystem: boolean;
  enabled: boolean;
  needsDeploy: boolean;
  globalDebug: boolean;
  /** Actions that share one Temporal activity at most; null for no limit. */
  stepsPerActivity: number | null;
  /** Counts from the next deploy on, as the two below; absent or null for the organization's default profile. */
  profileId?: string | null;
  /** Keeps no log lines of its runs, also where its profile would. */
  logsDisabled?: boolean;
  /** Keeps no outputs of steps of runs that have ended, also where its profile would. */
  stepResultsDisabled?: boolean;
  /** Another one with each change of an API key of its flows; absent before the first. */
  keysRevision?: string;
  /** The draft configuration. */
  configVariables: StoredConfigVariable[];
  deployment: Deployment | null;
  /**
   * What revisions that do not serve, former ones and those whose deploy failed, have not cleared away yet; absent for
   * none. A flow whose trigger serves is none of them.
   */
  leftBehind?: LeftBehind[];
  /** Why it could not be removed, when somebody tried. */
  removalFailure?: { message: string; failedAt: Date } | null;
  /** Test instances only: the draft of the integration. */
  draftDeployment?: TestDeployment | null;
  /** Test instances only: the published version, for the preprocess flow that all customers share. */
  sharedDeployment?: TestDeployment | null;
  createdAt: Date;
  updatedAt: Date;
}

const configVariable = new Schema<StoredConfigVariable>(
  {
    key: { type: String, required: true },
    sealedValue: { type: String, default: null },
    sealedInputs: { type: [{ _id: false, name: String, sealedValue: String }], default: [] },
    timeZone: { type: String, default: null },
    onPremiseResourceId: { type: String },
  },
  { _id: false },
);

const deployment = new Schema<Deployment>(
  {
    configRevisionId: { type: String, required: true },
    revision: { type: Number, required: true },
    versionId: { type: String, required: true },
    planId: { type: String, required: true },
    deployedAt: { type: Date, required: true },
    deployedBy: { type: String, required: true },
    firstSync: { type: String },
    profile: { type: Schema.Types.Mixed },
    templateIds: { type: [String], default: undefined },
  },
  { _id: false },
);

const schema = new Schema<Instance>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  integrationId: { type: String, required: true },
  versionId: { type: String, default: null },
  name: { type: String, required: true },
  description: { type: String, default: '' },
  labels: { type: [String], default: [] },
  isSystem: { type: Boolean, default: false },
  enabled: { type: Boolean, default: false },
  needsDeploy: { type: Boolean, default: true },
  globalDebug: { type: Boolean, default: false },
  stepsPerActivity: { type: Number, default: null },
  profileId: { type: String },
  logsDisabled: { type: Boolean },
  stepResultsDisabled: { type: Boolean },
  keysRevision: { type: String },
  configVariables: { type: [configVariable], default: [] },
  deployment: { type: deployment, default: null },
  leftBehind: { type: Schema.Types.Mixed },
  removalFailure: { type: Schema.Types.Mixed },
  draftDeployment: { type: Schema.Types.Mixed },
  sharedDeployment: { type: Schema.Types.Mixed },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, customerId: 1, name: 1 });
schema.index({ organizationId: 1, isSystem: 1, name: 1, _id: 1 });
schema.index({ organizationId: 1, isSystem: 1, updatedAt: -1, name: 1, _id: 1 });
schema.index({ integrationId: 1 });
schema.index({ profileId: 1 }, { partialFilterExpression: { profileId: { $type: 'string' } } });

export const instanceModel = (connection: Connection) =>
  connection.model<Instance>('Instance', schema, 'instances');
export const storedConfigVariableSchema = configVariable;
