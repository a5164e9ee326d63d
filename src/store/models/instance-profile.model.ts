import { type Connection, Schema } from 'mongoose';

/** A named set of what an organization's instances may use and what is kept of their runs. */
export interface InstanceProfile {
  _id: string;
  organizationId: string;
  /** What definitions name; stays as it is. */
  name: string;
  description: string;
  /** Of a runner process, MB; null for as much as runners have anyhow. */
  allocatedMemoryMb: number | null;
  logsDisabled: boolean;
  stepResultsDisabled: boolean;
  /** Kept for clients that set it: runners are always warm. */
  quickStart: boolean;
  quickStartInstances: number | null;
  /** Kept for clients that set it. */
  instanceBillingType: string;
  /** Counts for instances that have none of their own; one of an organization. */
  isDefault: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** What a deploy takes of a profile and an instance's own settings; absent fields are as without any. */
export interface RunProfile {
  allocatedMemoryMb?: number;
  logsDisabled?: true;
  stepResultsDisabled?: true;
}

const schema = new Schema<InstanceProfile>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  name: { type: String, required: true },
  description: { type: String, default: '' },
  allocatedMemoryMb: { type: Number, default: null },
  logsDisabled: { type: Boolean, default: false },
  stepResultsDisabled: { type: Boolean, default: false },
  quickStart: { type: Boolean, default: false },
  quickStartInstances: { type: Number, default: null },
  instanceBillingType: { type: String, default: '' },
  isDefault: { type: Boolean, default: false },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, name: 1 }, { unique: true });
schema.index(
  { organizationId: 1, isDefault: 1 },
  { unique: true, partialFilterExpression: { isDefault: true } },
);

export const instanceProfileModel = (connection: Connection) =>
  connection.model<InstanceProfile>('InstanceProfile', schema, 'instance_profiles');
