import type { Deps } from '../../context';
import { gathererOf } from '../start/gatherer-of';

/**
 * Finds executions of this process that are off the workers' hands though nobody said so, and those that never came
 * there: a worker that stands still may have been told to take them along.
 */
export async function freeRoom(deps: Deps): Promise<void> {
  const gatherer = gathererOf(deps);
  const slow = gatherer.slow();
  if (slow.length === 0) return;
  const atWork = await deps.store.executions
    .find(
      {
        _id: { $in: slow },
        phase: { $in: ['accepted', 'running'] },
        armedWait: null,
        control: { $ne: 'hold' },
      },
      { phase: 1, workflowId: 1 },
    )
    .lean();
  const ids = new Set(atWork.map(({ _id }) => _id));
  gatherer.left(slow.filter((executionId) => !ids.has(executionId)));
  const waiting = atWork.filter(({ phase, workflowId }) => phase === 'accepted' && workflowId === null);
  gatherer.notBegun(waiting.map(({ _id }) => _id));
}
