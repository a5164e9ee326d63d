import { isBytes } from '../../../engine/paths';
import type { StepResult } from '../../../store/models/step-result.model';
import type { Deps } from '../../context';
import { readStepOutput } from './read-step-output';

/** What references to a step of an execution that has ended find; undefined for a step that did not run. */
export async function readLastResult(
  deps: Pick<Deps, 'store'>,
  executionId: string,
  stepKey: string,
): Promise<unknown> {
  const record = await deps.store.stepResults
    .findOne({ executionId, stepKey })
    .sort({ ordinal: -1 })
    .lean<StepResult>();
  if (!record) return undefined;
  const { data, contentType } = await readStepOutput(deps, record);
  return isBytes(data) ? { data, contentType } : data;
}
