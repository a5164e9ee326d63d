import type { Execution, LeftWalk } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { onePer } from '../../one-per';
import { freeWalk, WALK_BEAT_MS, wakeBehind } from '../run/left-walk';
import { Silence } from './silence';

/** A worker that lives has given a younger sign, but for a moment, ms. */
const QUIET_MS = WALK_BEAT_MS + 500;
const MOST_READ = 2000;
/** What one pass wakes; the next one goes on. */
const MOST_WOKEN = 200;

type Quiet = Pick<Execution, '_id' | 'workflowId'> & { walk: LeftWalk & { at: Date } };

const silenceOf = onePer((_deps: Deps) => new Silence());

/**
 * Wakes the drivers of executions whose walk was left in a long call, and whose worker died or could not tell them that it
 * was over. Each process judges by what it sees itself; waking twice is harmless. Answers how many walks were taken from a
 * worker, and how many drivers could not be told: the next pass repeats it. While no walk is left behind, or all of their
 * workers live, a pass is one query of an index that holds left walks only.
 */
export async function wakeBehindWalks(
  deps: Deps,
  clock = () => performance.now(),
): Promise<{ freed: number; untold: number }> {
  const silence = silenceOf(deps);
  const found = await findQuiet(deps).catch((error: unknown) => {
    silence.interrupt();
    throw error;
  });
  const silent = silence.see(new Map(found.map(({ _id, walk }) => [_id, walk.at.getTime()])), clock());
  const now = found.filter(({ _id }) => silent.has(_id)).slice(0, MOST_WOKEN);
  const freed: Quiet[] = [];
  await Promise.all(
    now.map(async (one) => {
      if (one.walk.by !== null && (await freeWalk(deps, one))) freed.push(one);
    }),
  );
  const over = [...freed, ...now.filter(({ walk }) => walk.by === null)];
  const told = await Promise.allSettled(over.map((one) => wakeBehind(deps, one)));
  return { freed: freed.length, untold: told.filter(({ status }) => status === 'rejected').length };
}

/** Signs of life and their age by the clock of the database. */
function findQuiet({ store }: Deps): Promise<Quiet[]> {
  const before = { $subtract: ['$$NOW', QUIET_MS] };
  // The driver's own call, as mongoose casts expressions. The type for the index, see `indexedText`.
  return store.executions.collection
    .find({ 'walk.at': { $type: 'date' }, $expr: { $lt: ['$walk.at', before] } } as object)
    .project<Quiet>({ workflowId: 1, 'walk.by': 1, 'walk.at': 1 })
    .sort({ 'walk.at': 1 })
    .limit(MOST_READ)
    .toArray();
}
