import { insertAll, NOT_YET_SAFE, writeErrorsOf } from '../../../store/bulk-writes';
import type { Execution } from '../../../store/models/execution.model';
import type { Store } from '../../../store/store';
import type { Deps } from '../../context';
import { groupCommit } from '../../group-commit';
import { onePer } from '../../one-per';

const MAX_GROUP = 200;

/**
 * Stores a new record; those that arrive together go in one write. Rejects with the driver's error. Where callers wait
 * for all of them it is no acknowledgement yet: the claim of the run makes it safe, long before they are told anything.
 */
export function insertExecution({ store }: Pick<Deps, 'store'>, execution: Execution): Promise<void> {
  return insertInto(store)(execution);
}

const insertInto = onePer((store: Store) =>
  groupCommit<Execution>({ maxItems: MAX_GROUP, lanes: 2 }, async (executions) => {
    try {
      const isAwaited = executions.every((one) => one.isAwaited);
      const options = isAwaited ? { writeConcern: NOT_YET_SAFE } : {};
      await insertAll(store.executions.collection, executions, options);
      return [];
    } catch (error) {
      const codes = writeErrorsOf(error);
      return executions.map((_one, at) => {
        const code = codes.get(at);
        if (code === undefined) return undefined;
        return Object.assign(new Error(`The record was not stored (${code}).`, { cause: error }), { code });
      });
    }
  }),
);
