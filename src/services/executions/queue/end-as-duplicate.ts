import { insertNew } from '../../../store/bulk-insert';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { executionLine } from '../../logs/execution-line';

/**
 * Ends an execution that waits, in a queue or for its time, since another one took its place. False when it has begun
 * meanwhile.
 */
export async function endAsDuplicate(deps: Deps, execution: Execution, by: string): Promise<boolean> {
  const { modifiedCount } = await deps.store.executions.updateOne(
    { _id: execution._id, phase: execution.phase, epoch: execution.epoch },
    {
      $set: {
        phase: 'ended',
        status: 'SUCCESS',
        resultType: 'CANCELED_AS_DUPLICATE',
        canceledByExecutionId: by,
        endedAt: new Date(),
        'queue.state': 'left',
      },
      $unset: { 'queue.slot': 1, 'queue.dedupeKey': 1, control: 1 },
    },
  );
  if (modifiedCount === 0) return false;
  const line = {
    severity: 'INFO',
    stepName: null,
    timestamp: new Date(),
    message: `Ending Instance Execution (canceled as duplicate of ${by})`,
  } as const;
  const place = { epoch: execution.epoch + 1, number: 0 };
  await insertNew(deps.store.logs.collection, [executionLine(execution, place, line)]);
  return true;
}
