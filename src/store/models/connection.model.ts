import { type Connection as Database, Schema } from 'mongoose';

/** What went wrong when a token was to be had. */
export interface TokenFault {
  /** The provider refused for good; trying again with the same settings is of no use. */
  isFinal: boolean;
  reason: string;
  at: Date;
  /** Digest of the settings it was tried with: others are worth another try. */
  settingsKey: string;
}

/** What a run said of a connection that it could not use. */
export interface UseFault {
  reason: string;
  at: Date;
  /** Digest of the fields that the run had: after they were changed it says nothing any more. */
  fieldsKey: string;
}

/** Whose a record is; what does not apply is null, or absent in records of a former release. */
export interface OwnerFields {
  /** An instance, and the one of its users if the values are a user's. */
  instanceId?: string | null;
  userConfigId?: string | null;
  /** A shared connection, or a customer's values of one. */
  sharedId?: string | null;
}

/**
 * The state of a connection of an instance, or of one that instances share: the token of an OAuth connection and
 * what is wrong with it. Its fields are stored with the owner. One record for each variable and set of public OAuth
 * settings, so that a draft with another client or other scopes gets a token of its own while the deployed one goes on
 * with its own.
 */
export interface ConnectionState extends OwnerFields {
  _id: string;
  /** Of the config variable, or of the shared connection. */
  configVarStableKey: string;
  /** Sealed JSON of the token answer and the other data of the consent; null when there is none yet. */
  sealedGrant: string | null;
  /** Raised with each grant that is stored: who refreshed an older one has lost. */
  version: number;
  obtainedAt: Date | null;
  /** Null when the provider did not say. */
  expiresAt: Date | null;
  /** From then on the token is refreshed; null when it cannot be. */
  refreshAt: Date | null;
  /** The last refresh that went well. */
  refreshedAt: Date | null;
  /** Who refreshes now, and until when nobody else may. */
  lease: { holder: string; until: Date } | null;
  /** No try to refresh before. */
  retryAt: Date | null;
  tokenFault: TokenFault | null;
  useFault: UseFault | null;
  /** Why the last consent gave nothing. */
  consentFault: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const tokenFault = new Schema<TokenFault>(
  {
    isFinal: { type: Boolean, required: true },
    reason: { type: String, required: true },
    at: { type: Date, required: true },
    settingsKey: { type: String, required: true },
  },
  { _id: false },
);

const useFault = new Schema<UseFault>(
  {
    reason: { type: String, required: true },
    at: { type: Date, required: true },
    fieldsKey: { type: String, required: true },
  },
  { _id: false },
);

const lease = new Schema<NonNullable<ConnectionState['lease']>>(
  { holder: { type: String, required: true }, until: { type: Date, required: true } },
  { _id: false },
);

const schema = new Schema<ConnectionState>({
  _id: { type: String, required: true },
  instanceId: { type: String, default: null },
  userConfigId: { type: String, default: null },
  sharedId: { type: String, default: null },
  configVarStableKey: { type: String, required: true },
  sealedGrant: { type: String, default: null },
  version: { type: Number, default: 0 },
  obtainedAt: { type: Date, default: null },
  expiresAt: { type: Date, default: null },
  refreshAt: { type: Date, default: null },
  refreshedAt: { type: Date, default: null },
  lease: { type: lease, default: null },
  retryAt: { type: Date, default: null },
  tokenFault: { type: tokenFault, default: null },
  useFault: { type: useFault, default: null },
  consentFault: { type: String, default: null },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ instanceId: 1, userConfigId: 1 });
schema.index({ sharedId: 1 });

export const connectionModel = (database: Database) =>
  database.model<ConnectionState>('ConnectionState', schema, 'connections');
