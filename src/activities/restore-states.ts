import type { Deps } from '../services/context';
import { openState, sealState } from '../services/state/sealed-state';
import {
  decodeStates,
  STATE_LEVELS,
  type StateLevel,
  type StateObject,
  type States,
} from '../store/output-codec';

type StateDeps = Pick<Deps, 'store' | 'sealer'>;

interface Restored {
  value: StateObject;
  sealed: Buffer;
  /** Of the step that changed it last. */
  recordId: string | null;
}

/**
 * The levels that a run has changed so far, from the states of its last record that has any; older ones are in the
 * records that it names.
 */
export async function restoreStates(deps: StateDeps, last: States): Promise<Map<StateLevel, Restored>> {
  const restored = new Map<StateLevel, Restored>();
  const take = (level: StateLevel, states: States, recordId: string | null): void => {
    const state = restoredOf(deps, states[level], recordId);
    if (state) restored.set(level, state);
  };
  for (const level of STATE_LEVELS) take(level, last, last.recordId ?? null);
  for (const id of new Set(Object.values(last.earlier ?? {}))) {
    const states = await statesAt(deps, id);
    for (const level of STATE_LEVELS) if (last.earlier?.[level] === id) take(level, states, id);
  }
  return restored;
}

function restoredOf(deps: StateDeps, stored: unknown, recordId: string | null): Restored | undefined {
  if (Buffer.isBuffer(stored)) return { value: openState(deps, stored), sealed: stored, recordId };
  // As a former release journaled it.
  if (stored === null || typeof stored !== 'object') return undefined;
  return { value: stored as StateObject, sealed: sealState(deps, stored as StateObject), recordId };
}

async function statesAt({ store: { stepResults, blobs } }: StateDeps, id: string): Promise<States> {
  const record = await stepResults.findById(id, { states: 1, statesBlobId: 1 }).lean();
  const bytes = record?.statesBlobId ? await blobs.get(record.statesBlobId) : record?.states;
  return bytes ? decodeStates(bytes) : {};
}
