import { type Connection, Schema } from 'mongoose';

/** A flow of an instance: its webhook address, API keys and remembered test input. */
export interface FlowConfig {
  /** UUIDv5 of instance and flow, so that the webhook URL survives new versions. Part of the URL. */
  _id: string;
  instanceId: string;
  organizationId: string;
  customerId: string | null;
  integrationId: string;
  /** UUIDv5 of integration and flow. */
  flowId: string;
  flowStableKey: string;
  flowName: string;
  /** The keys that callers may show: a JSON list, sealed; null where there are none. */
  sealedApiKeys: string | null;
  /** Of each of them, in the same order, by which the door knows a key without opening any. */
  apiKeyDigests: string[];
  testPayload: string | null;
  testContentType: string | null;
  testHeaders: string | null;
  /** False once the instance's version has no such flow. */
  isActive: boolean;
}

const schema = new Schema<FlowConfig>({
  _id: { type: String, required: true },
  instanceId: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  integrationId: { type: String, required: true },
  flowId: { type: String, required: true },
  flowStableKey: { type: String, required: true },
  flowName: { type: String, required: true },
  sealedApiKeys: { type: String, default: null },
  apiKeyDigests: { type: [String], default: [] },
  testPayload: { type: String, default: null },
  testContentType: { type: String, default: null },
  testHeaders: { type: String, default: null },
  isActive: { type: Boolean, default: true },
});
schema.index({ instanceId: 1, flowStableKey: 1 }, { unique: true });

export const flowConfigModel = (connection: Connection) =>
  connection.model<FlowConfig>('FlowConfig', schema, 'flow_configs');
