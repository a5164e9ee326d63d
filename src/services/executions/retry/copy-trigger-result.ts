import { insertNew } from '../../../store/bulk-writes';
import type { Execution } from '../../../store/models/execution.model';
import { type StepResult, TRIGGER_PATH } from '../../../store/models/step-result.model';
import type { Deps } from '../../context';

/** Gives a run anew what the failed one got from a batch trigger, in place of running the trigger. */
export async function copyTriggerResult(
  { store }: Pick<Deps, 'store'>,
  { _id: failedId }: Execution,
  { _id: executionId }: Execution,
): Promise<void> {
  const result = await store.stepResults.collection.findOne({ _id: `${failedId}/${TRIGGER_PATH}` as never });
  if (!result) return;
  const copy = { ...(result as unknown as StepResult), _id: `${executionId}/${TRIGGER_PATH}`, executionId };
  await insertNew(store.stepResults.collection, [{ ...copy, epoch: 1 }]);
}
