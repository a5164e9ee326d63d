import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { onePer } from '../../one-per';
import { WALK_LEASE_MS } from '../run/left-walk';

const MOST = 200;

type Stale = Pick<Execution, '_id' | 'workflowId' | 'phase' | 'walk'>;

/** What the last pass found, with its last sign of life. */
const suspectsOf = onePer((_deps: Deps) => new Map<string, number>());

/**
 * Tells the drivers of executions whose walk was left in a long call and gave no sign of life for long: its worker died, or
 * could not say that it was over. One is told when two passes found it so, since nobody can say anything while the
 * database is away. Answers how many.
 */
export async function wakeBehindWalks(deps: Deps): Promise<number> {
  const before = new Date(Date.now() - WALK_LEASE_MS);
  const found = await deps.store.executions
    // The type for the index, see `indexedText`.
    .find({ 'walk.at': { $lt: before, $type: 'date' } }, { workflowId: 1, phase: 1, walk: 1 })
    .sort({ 'walk.at': 1 })
    .limit(MOST)
    .lean<Stale[]>();
  const suspects = suspectsOf(deps);
  const former = new Map(suspects);
  suspects.clear();
  for (const { _id, walk } of found) if (walk) suspects.set(_id, walk.at.getTime());
  const dead = found.filter(({ _id }) => former.get(_id) === suspects.get(_id));
  await Promise.all(dead.map((one) => wake(deps, one)));
  return dead.length;
}

async function wake({ store, temporal }: Deps, execution: Stale): Promise<void> {
  const { _id, workflowId, phase } = execution;
  if (workflowId !== null) await temporal.wakeDriver(workflowId);
  // Of one that has ended, or waits in a queue, that driver begins no segment, which would clear it.
  if (phase !== 'running') await store.executions.updateOne({ _id, phase }, { $unset: { walk: 1 } });
}
