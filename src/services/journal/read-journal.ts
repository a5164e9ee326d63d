import type { FinishedStep } from '../../engine/walker-host';
import type { StepResult } from '../../store/models/step-result.model';
import { decodeOutput, decodeStates, type States } from '../../store/output-codec';
import type { Store } from '../../store/store';

/** What an execution has done so far. */
export interface Journal {
  count: number;
  /** State objects as the last step left them. */
  states: States;
  finished(path: string): Promise<FinishedStep | undefined>;
}

/** Reads the journal of an execution in one query; results kept as blobs are fetched when asked for. */
export async function readJournal(store: Store, executionId: string): Promise<Journal> {
  const records = await store.stepResults.find({ executionId }).sort({ ordinal: 1 }).lean();
  const byPath = new Map(records.map((record) => [record.path, record]));
  const lastStates = records.findLast(({ states, statesBlobId }) => states !== null || statesBlobId);
  return {
    count: records.length,
    states: lastStates ? await readStates(store, lastStates) : {},
    async finished(path) {
      const record = byPath.get(path);
      return record && { value: await readOutput(store, record), branch: record.branch, error: record.error };
    },
  };
}

/** The journal of an execution that has not begun. */
export const EMPTY_JOURNAL: Journal = { count: 0, states: {}, finished: async () => undefined };

async function readStates(store: Store, { states, statesBlobId }: StepResult): Promise<States> {
  const bytes = statesBlobId ? await store.blobs.get(statesBlobId) : states;
  return bytes ? decodeStates(bytes) : {};
}

async function readOutput(store: Store, record: StepResult) {
  const bytes = record.outputBlobId ? await store.blobs.get(record.outputBlobId) : record.output;
  return bytes ? decodeOutput(bytes) : {};
}
