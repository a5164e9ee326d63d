import { isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import type { RunStates } from './contract';

type StateLevel = keyof RunStates;
type StateObject = Record<string, unknown>;

/** The state objects of the action context. */
const LEVELS: readonly StateLevel[] = [
  'executionState',
  'instanceState',
  'crossFlowState',
  'integrationState',
];

/** How the objects looked before the call, by level; those that were empty have no entry. */
const looksBefore = new WeakMap<RunStates, Map<StateLevel, Buffer>>();

/** The state objects of a context; one that is missing begins empty. */
export function statesOf(context: Record<string, unknown>): RunStates {
  const states = unwatchedStatesOf(context);
  const looks = LEVELS.flatMap((level) => {
    const look = lookOf(states[level]);
    return look ? [[level, look] as const] : [];
  });
  if (looks.length > 0) looksBefore.set(states, new Map(looks));
  return states;
}

/** The same for code that changes none in place, which need not be looked at: see {@link returnedStates}. */
export function unwatchedStatesOf(context: Record<string, unknown>): RunStates {
  return {
    executionState: stateIn(context, 'executionState'),
    instanceState: stateIn(context, 'instanceState'),
    crossFlowState: stateIn(context, 'crossFlowState'),
    integrationState: stateIn(context, 'integrationState'),
  };
}

/** The levels that a call changed by returning them, each whole: over the present one, as {@link mergeStates} has it. */
export function returnedStates(present: RunStates, result: unknown): Partial<RunStates> {
  const returned: StateObject = isObject(result) ? result : {};
  const levels = LEVELS.filter((level) => {
    const values = returned[level];
    if (!isObject(values)) return false;
    return Object.entries(values).some(([key, value]) => !isDeepStrictEqual(present[level][key], value));
  });
  return Object.fromEntries(levels.map((level) => [level, merged(present[level], returned[level])]));
}

/**
 * The levels that a call changed, each whole: what the component changed in place, and over it the keys of the
 * states that it returned. A key whose value is undefined is removed.
 */
export function mergeStates(inPlace: RunStates, result: unknown): Partial<RunStates> {
  const returned: StateObject = isObject(result) ? result : {};
  const before = looksBefore.get(inPlace);
  const changed: Partial<RunStates> = {};
  for (const level of LEVELS) {
    // As most calls leave it.
    if (returned[level] === undefined && !before?.has(level) && isEmpty(inPlace[level])) continue;
    const after = merged(inPlace[level], returned[level]);
    if (!isSameLook(before?.get(level), after)) changed[level] = after;
  }
  return changed;
}

/** A result as it is sent on: its states go beside it, once. */
export function withoutStates(result: unknown): unknown {
  if (!isObject(result) || !LEVELS.some((level) => Object.hasOwn(result, level))) return result;
  return Object.fromEntries(Object.entries(result).filter(([key]) => !LEVELS.includes(key as StateLevel)));
}

function merged(inPlace: StateObject, returned: unknown): StateObject {
  const all = { ...inPlace, ...(isObject(returned) ? returned : {}) };
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => value !== undefined && key !== '__proto__'),
  );
}

function isSameLook(before: Buffer | undefined, after: StateObject): boolean {
  try {
    const look = lookOf(after);
    return look === undefined || before === undefined ? look === before : look.equals(before);
  } catch {
    // It holds what cannot be copied, which was put in just now.
    return false;
  }
}

/** Undefined for an empty object. */
function lookOf(state: StateObject): Buffer | undefined {
  return isEmpty(state) ? undefined : serialize(state);
}

const isEmpty = (state: StateObject): boolean => Object.keys(state).length === 0;

function stateIn(context: Record<string, unknown>, level: StateLevel): StateObject {
  const given = context[level];
  return isObject(given) ? { ...given } : {};
}

function isObject(value: unknown): value is StateObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
