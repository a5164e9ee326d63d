import { type Connection, Schema } from 'mongoose';

/** The API process that an agent is connected to. */
export interface AgentHolder {
  /** Origin under which workers reach the process. */
  origin: string;
  connectionId: string;
  /** Of the agent's process. */
  agentId: string;
}

/** A service in a customer's network, or in the organization's own, that runs reach by an agent there. */
export interface OnPremiseResource {
  _id: string;
  organizationId: string;
  /** Null for the organization's own. */
  customerId: string | null;
  name: string;
  /** Of the service, as the agent told it; 0 before. */
  port: number;
  /** Tokens of other generations are refused. */
  tokenGeneration: number;
  holder: AgentHolder | null;
  /** When the agent was connected last, within some seconds; null before the first time. */
  seenAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<OnPremiseResource>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  name: { type: String, required: true },
  port: { type: Number, default: 0 },
  tokenGeneration: { type: Number, default: 1 },
  holder: { type: Schema.Types.Mixed, default: null },
  seenAt: { type: Date, default: null },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});
schema.index({ organizationId: 1, customerId: 1, name: 1 });
schema.index({ 'holder.connectionId': 1 }, { sparse: true });

export const onPremiseResourceModel = (connection: Connection) =>
  connection.model<OnPremiseResource>('OnPremiseResource', schema, 'on_premise_resources');
