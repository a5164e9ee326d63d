import type { StateLevel } from '../../store/output-codec';

/** The state objects that outlive a run. */
export const PERSISTENT_LEVELS = ['instanceState', 'crossFlowState', 'integrationState'] as const;
export type PersistentLevel = (typeof PERSISTENT_LEVELS)[number];

export function isPersistent(level: StateLevel): level is PersistentLevel {
  return level !== 'executionState';
}

/** Whose states a run works with. */
export interface StateOwner {
  flowConfigId: string;
  instanceId: string;
  integrationId: string;
}

/** The id under which a level of that owner is stored. The name `instanceState` is historic: it is a flow's. */
export function stateIdOf(level: PersistentLevel, owner: StateOwner): string {
  if (level === 'instanceState') return `flow:${owner.flowConfigId}`;
  return level === 'crossFlowState'
    ? `instance:${owner.instanceId}`
    : integrationStateId(owner.integrationId);
}

export const integrationStateId = (integrationId: string): string => `integration:${integrationId}`;

/** Bytes of all levels of a run together, as stored. Source: the limit that published components know. */
export const MAX_STATE_BYTES = 64 * 1024 * 1024;
