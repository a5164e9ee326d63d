import type { StepResult } from '../../src/store/models/step-result.model';
import { encodeOutput } from '../../src/store/output-codec';

/** The record of a plain step of an execution, whose number is its place, its output and its time. */
export const journalRecordOf = (
  executionId: string,
  ordinal: number,
  more: Partial<StepResult> = {},
): StepResult => ({
  _id: `${executionId}/${more.path ?? ordinal}`,
  executionId,
  instanceId: 'i1',
  ordinal,
  path: String(ordinal),
  stepKey: `s${ordinal}`,
  stepName: `S ${ordinal}`,
  loopPath: '',
  isLoopStep: false,
  branch: null,
  output: encodeOutput({ data: ordinal }),
  outputBlobId: null,
  outputBytes: 3,
  states: null,
  statesBlobId: null,
  statesOrdinal: null,
  error: null,
  attempt: 1,
  epoch: 1,
  startedAt: new Date(ordinal),
  endedAt: new Date(ordinal),
  ...more,
});
