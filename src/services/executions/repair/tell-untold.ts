import type { Deps } from '../../context';
import { tellEnds } from '../run/tell-ends';

const BATCH = 500;
/** Whoever ended it writes its last lines within that time, or not at all. */
const MIN_AGE_MS = 5000;

/** One pass over executions whose process died between their end and the last lines of their logs. */
export async function tellUntold(deps: Pick<Deps, 'store'>, minAgeMs = MIN_AGE_MS): Promise<void> {
  const untold = await deps.store.executions
    .find({ isEndUntold: true, endedAt: { $lt: new Date(Date.now() - minAgeMs) } }, { _id: 1 })
    .limit(BATCH)
    .lean();
  await tellEnds(
    deps,
    untold.map(({ _id }) => _id),
  );
}
