import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** Takes back what the failed run says of an attempt that will not be, with the run that took its place if one did. */
export async function forgetRetry(
  { store }: Pick<Deps, 'store'>,
  { _id, retryOf }: Pick<Execution, '_id' | 'retryOf'>,
  by?: string,
): Promise<void> {
  if (!retryOf) return;
  await store.executions.collection.updateOne(
    { _id: retryOf.formerId as never, 'nextRetry.executionId': _id },
    { $unset: { nextRetry: 1 }, ...(by !== undefined && { $set: { canceledByExecutionId: by } }) },
  );
}
