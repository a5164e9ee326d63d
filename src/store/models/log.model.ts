import { type Connection, Schema } from 'mongoose';

export const LOG_SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'METRIC'] as const;
export type LogSeverity = (typeof LOG_SEVERITIES)[number];

/** A line of a customer-visible execution log. */
export interface LogLine {
  _id: string;
  organizationId: string;
  customerId: string | null;
  instanceId: string;
  executionId: string;
  flowName: string;
  /** Rises with every line of an execution, over segments too; a tail's cursor. */
  ordinal: number;
  timestamp: Date;
  severity: LogSeverity;
  message: string;
  stepName: string | null;
}

const schema = new Schema<LogLine>({
  _id: { type: String, required: true },
  organizationId: { type: String, required: true },
  customerId: { type: String, default: null },
  instanceId: { type: String, required: true },
  executionId: { type: String, required: true },
  flowName: { type: String, default: '' },
  ordinal: { type: Number, required: true },
  timestamp: { type: Date, required: true },
  severity: { type: String, required: true },
  message: { type: String, default: '' },
  stepName: { type: String, default: null },
});
schema.index({ executionId: 1, ordinal: 1 });
schema.index({ instanceId: 1, timestamp: -1 });
schema.index({ organizationId: 1, timestamp: -1 });
schema.index({ timestamp: 1 }, { expireAfterSeconds: 30 * 86_400 });

export const logModel = (connection: Connection) => connection.model<LogLine>('LogLine', schema, 'logs');
