import type { Execution } from '../../store/models/execution.model';
import type { StepResult } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';

export type Present = Pick<Execution, 'epoch' | 'control'>;

/** Steps faster than this share one look at their execution's record. */
const LOOK_EVERY_MS = 25;
const MOST_REMEMBERED = 10_000;

/**
 * What is asked of the executions of journal records now, by execution id, as of at most {@link LOOK_EVERY_MS} ago if it
 * need not be fresh; undefined for those that are gone.
 */
export function lookAtExecutions(store: Store) {
  let looks = new Map<string, { ms: number; present: Present }>();

  return async (
    records: StepResult[],
    { isFresh }: { isFresh: boolean },
  ): Promise<Map<string, Present | undefined>> => {
    const nowMs = Date.now();
    if (looks.size > MOST_REMEMBERED) looks = new Map();
    const epochs = new Map(records.map(({ executionId, epoch }) => [executionId, epoch]));
    const isKnown = (id: string) => {
      const known = looks.get(id);
      // A request is read anew: it may have been taken back.
      return known !== undefined && !known.present.control && nowMs - known.ms <= LOOK_EVERY_MS;
    };
    const due = isFresh ? epochs : new Map([...epochs].filter(([id]) => !isKnown(id)));
    const read = due.size > 0 ? await readPresent(store, due) : new Map<string, Present>();
    for (const id of due.keys()) {
      const present = read.get(id);
      if (present) looks.set(id, { ms: nowMs, present });
      else looks.delete(id);
    }
    return new Map([...epochs.keys()].map((id) => [id, looks.get(id)?.present]));
  };
}

/**
 * Nothing is asked of nearly all: of fifty and more, counting those takes about half of the time of reading what each of
 * them says. `epochs`: those that the executions had when their records were made.
 */
async function readPresent(store: Store, epochs: Map<string, number>): Promise<Map<string, Present>> {
  const ids = [...epochs.keys()];
  const [epoch] = epochs.values();
  if (epoch !== undefined && ids.every((id) => epochs.get(id) === epoch)) {
    // Where it could not be told, reading says why, and is tried again by the driver after a failover.
    const undisturbed = await countUndisturbed(store, ids, epoch).catch(() => undefined);
    if (undisturbed === ids.length) return new Map(ids.map((id) => [id, { epoch }]));
  }
  const found = await store.executions.collection
    .find({ _id: { $in: ids as never[] } }, { projection: { epoch: 1, control: 1 } })
    .toArray();
  return new Map(found.map((one) => [String(one._id), one as unknown as Present]));
}

/** The command itself: what the driver makes of a count is an aggregation with a cursor. */
async function countUndisturbed({ executions }: Store, ids: string[], epoch: number): Promise<unknown> {
  const { collectionName, conn } = executions.collection;
  const query = { _id: { $in: ids }, epoch, control: null };
  const answer = await conn.db?.command({ count: collectionName, query });
  return answer?.['n'];
}
