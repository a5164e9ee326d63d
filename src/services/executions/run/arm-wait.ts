import type { ArmedWait } from '../../../engine/walker-host';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** Remembers what the driver waits for, and at which step. */
export async function armWait(
  deps: Deps,
  execution: Pick<Execution, '_id' | 'epoch'>,
  wait: ArmedWait,
): Promise<void> {
  await deps.store.executions.updateOne(
    { _id: execution._id, epoch: execution.epoch },
    { $set: { armedWait: wait } },
  );
}
