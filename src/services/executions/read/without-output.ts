import type { StepResult } from '../../../store/models/step-result.model';

/** A step of a run that keeps no outputs, as it is shown also while the run needs them. */
export const withoutOutput = <T extends Partial<Pick<StepResult, 'output'>>>(step: T): T => ({
  ...step,
  output: null,
  outputBlobId: null,
  outputBytes: 0,
});
