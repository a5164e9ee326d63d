import { type Connection, Schema } from 'mongoose';

export const LOG_SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'METRIC'] as const;
export type LogSeverity = (typeof LOG_SEVERITIES)[number];

/** A line of a customer-visible execution log. */
export interface LogLine {
  /** Of an execution's line: its id, a slash, and the ordinal in digits that sort. */
  _id: string;
  organizationId: string;
  customerId: string | null;
  instanceId: string;
  executionId: string;
  flowName: string;
  /** Rises with every line of an execution, over segments too; the end of its id. */
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
// Each index costs every line a write. Lines of an execution are found by their ids.
schema.index({ instanceId: 1, timestamp: -1 });
schema.index({ organizationId: 1, timestamp: -1 });
// Faults are few and looked for among all others: other lines cost these nothing.
const partialFilterExpression = { severity: { $in: ['WARN', 'ERROR', 'FATAL'] satisfies LogSeverity[] } };
schema.index({ instanceId: 1, severity: 1, timestamp: -1 }, { partialFilterExpression });
schema.index({ organizationId: 1, severity: 1, timestamp: -1 }, { partialFilterExpression });
schema.index({ timestamp: 1 }, { expireAfterSeconds: 30 * 86_400 });

export const logModel = (connection: Connection) => connection.model<LogLine>('LogLine', schema, 'logs');

/** Name of an index that a former release made. */
export const FORMER_LOG_INDEX = 'executionId_1_ordinal_1';
