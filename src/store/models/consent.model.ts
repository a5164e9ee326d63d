import { type Connection, Schema } from 'mongoose';
import type { OwnerFields } from './connection.model';

/** A consent that somebody began in a browser; used once, at the provider's answer. */
export interface Consent extends OwnerFields {
  /** Digest of the random part of the state that the provider gets. */
  _id: string;
  connectionId: string;
  /** Stable key of the config variable, or of the shared connection. */
  stableKey: string;
  /** Digest of what the browser that began it keeps in a cookie. */
  browserKey: string;
  /** Sealed JSON: the settings it was begun with, the verifier of PKCE, and where the browser goes afterwards. */
  sealed: string;
  expiresAt: Date;
}

const schema = new Schema<Consent>({
  _id: { type: String, required: true },
  instanceId: { type: String, default: null },
  userConfigId: { type: String, default: null },
  sharedId: { type: String, default: null },
  connectionId: { type: String, required: true },
  stableKey: { type: String, required: true },
  browserKey: { type: String, required: true },
  sealed: { type: String, required: true },
  expiresAt: { type: Date, required: true },
});
schema.index({ instanceId: 1, userConfigId: 1 });
schema.index({ sharedId: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const consentModel = (connection: Connection) =>
  connection.model<Consent>('Consent', schema, 'consents');
