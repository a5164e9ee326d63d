import type { Deps } from '../../context';
import { gathererOf } from '../start/gatherer-of';

/** Finds executions of this process that are off the workers' hands though nobody said so. */
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
      { _id: 1 },
    )
    .lean();
  const ids = new Set(atWork.map(({ _id }) => _id));
  gatherer.left(slow.filter((executionId) => !ids.has(executionId)));
}
