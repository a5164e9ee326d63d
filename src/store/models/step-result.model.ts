import { type Connection, Schema } from 'mongoose';

/** The path of every plan's first step. */
export const TRIGGER_PATH = '0';

/** The journal: one record a finished step, written before the next step begins. */
export interface StepResult {
  /** `executionId/path` with the iteration in the path: `…/3.loop#2.0`. */
  _id: string;
  executionId: string;
  instanceId: string;
  /** Order of finishing within the execution, from 0. */
  ordinal: number;
  path: string;
  stepKey: string;
  stepName: string;
  /** `outer:3,inner:0`; empty outside loops. */
  loopPath: string;
  isLoopStep: boolean;
  branch: string | null;
  /** MessagePack of {@link StepOutput}, or its blob. */
  output: Buffer | null;
  outputBlobId: string | null;
  /** Size of `output` as stored, wherever it is. */
  outputBytes: number;
  /** MessagePack of the state objects that the step changed, or its blob; null when it changed none. */
  states: Buffer | null;
  statesBlobId: string | null;
  /** Of the execution's last record that has states, this one included; null for none. Absent in older records. */
  statesOrdinal?: number | null;
  /** As in {@link ExecutionError}. */
  error: { code: string; message: string; httpStatus?: number } | null;
  attempt: number;
  epoch: number;
  startedAt: Date;
  endedAt: Date;
}

const schema = new Schema<StepResult>({
  _id: { type: String, required: true },
  executionId: { type: String, required: true },
  instanceId: { type: String, required: true },
  ordinal: { type: Number, required: true },
  path: { type: String, required: true },
  stepKey: { type: String, required: true },
  stepName: { type: String, required: true },
  loopPath: { type: String, default: '' },
  isLoopStep: { type: Boolean, default: false },
  branch: { type: String, default: null },
  output: { type: Buffer, default: null },
  outputBlobId: { type: String, default: null },
  outputBytes: { type: Number, default: 0 },
  states: { type: Buffer, default: null },
  statesBlobId: { type: String, default: null },
  statesOrdinal: { type: Number },
  error: { type: Schema.Types.Mixed, default: null },
  attempt: { type: Number, required: true },
  epoch: { type: Number, required: true },
  startedAt: { type: Date, required: true },
  endedAt: { type: Date, required: true },
});
schema.index({ executionId: 1, ordinal: 1 });
schema.index({ instanceId: 1 });

export const stepResultModel = (connection: Connection) =>
  connection.model<StepResult>('StepResult', schema, 'step_results');
