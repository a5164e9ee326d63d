import type { RunStates } from './contract';

/** The state objects of the action context. */
export const STATE_KEYS = ['executionState', 'instanceState', 'crossFlowState', 'integrationState'] as const;

/** The state objects of a context; one that is missing begins empty. */
export function statesOf(context: Record<string, unknown>): RunStates {
  const [executionState, instanceState, crossFlowState, integrationState] = STATE_KEYS.map((key) => {
    const given = context[key];
    return isObject(given) ? given : {};
  }) as [StateObject, StateObject, StateObject, StateObject];
  return { executionState, instanceState, crossFlowState, integrationState };
}

/**
 * What is kept after a call: what the component changed in place, and over it the keys of the states that it
 * returned. A key whose value is undefined is removed.
 */
export function mergeStates(inPlace: RunStates, result: unknown): RunStates {
  const returned: Record<string, unknown> = isObject(result) ? result : {};
  const merge = (key: keyof RunStates): StateObject => {
    const over = returned[key];
    const all = { ...inPlace[key], ...(isObject(over) ? over : {}) };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  };
  return {
    executionState: merge('executionState'),
    instanceState: merge('instanceState'),
    crossFlowState: merge('crossFlowState'),
    integrationState: merge('integrationState'),
  };
}

type StateObject = Record<string, unknown>;

function isObject(value: unknown): value is StateObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
