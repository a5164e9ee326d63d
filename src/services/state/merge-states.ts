import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { decodeState, encodeState, type StateObject } from '../../store/output-codec';
import type { Deps } from '../context';
import { loadStateNow } from './load-states';
import { type PersistentLevel, type StateOwner, stateIdOf } from './persistent-levels';
import { sealState } from './sealed-state';
import { replaceState } from './write-states';

/** What somebody was given as a state object, and left. */
export interface StateChange {
  before: StateObject;
  after: StateObject;
}

/** Who finds that another one wrote in between looks again after so long at most. */
const PAUSE_MS = 20;

/**
 * Brings what was changed of state objects into those that are stored now, and nothing else of them: what runs wrote
 * meanwhile stays. `writtenBy` names the deploy. Doing it again is harmless.
 */
export async function mergeStates(
  deps: Pick<Deps, 'store' | 'sealer'>,
  owner: StateOwner,
  changes: ReadonlyMap<PersistentLevel, StateChange>,
  writtenBy: string,
): Promise<void> {
  for (const [level, { before, after }] of changes) {
    const left = decodeState(encodeState(after));
    for (;;) {
      const now = await loadStateNow(deps, stateIdOf(level, owner));
      const present = now?.value ?? {};
      const merged = mergeState(present, { before, after: left });
      if (isDeepStrictEqual(merged, present)) break;
      const bytes = Object.keys(merged).length > 0 ? sealState(deps, merged) : null;
      if (await replaceState(deps, owner, { level, former: now?.stored, bytes, writtenBy })) break;
      await sleep(Math.random() * PAUSE_MS);
    }
  }
}

/**
 * The present object with the keys that were changed, added or removed between `before` and `after`; of objects within
 * it theirs, in the same way. Of a key that both sides changed, the change counts; lists are changed whole.
 */
export function mergeState(present: StateObject, { before, after }: StateChange): StateObject {
  const merged = new Map(Object.entries(present));
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) merged.delete(key);
  for (const [key, left] of Object.entries(after)) {
    const was = Object.hasOwn(before, key) ? before[key] : {};
    if (Object.hasOwn(before, key) && isDeepStrictEqual(was, left)) continue;
    const now = merged.get(key);
    const isWithin = isObject(was) && isObject(left) && isObject(now);
    merged.set(key, isWithin ? mergeState(now, { before: was, after: left }) : left);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is StateObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
