import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';

/** Processes say so often of the agents that are connected to them, ms. */
export const HEARTBEAT_MS = 5000;
/** A holder that says nothing for so long is gone. */
const STALE_AFTER_MS = 15_000;

/** `PENDING`: no agent was ever connected. */
export const RESOURCE_STATUSES = ['AVAILABLE', 'PENDING', 'UNAVAILABLE'] as const;
export type ResourceStatus = (typeof RESOURCE_STATUSES)[number];

/** What was seen before then is no longer there. */
export const staleBefore = (): Date => new Date(Date.now() - STALE_AFTER_MS);

/** Whether an agent is connected. */
export function statusOf({ holder, seenAt }: OnPremiseResource): ResourceStatus {
  if (seenAt === null) return 'PENDING';
  return holder !== null && seenAt > staleBefore() ? 'AVAILABLE' : 'UNAVAILABLE';
}

/** The filter for resources of a status. */
export function havingStatus(status: ResourceStatus): Record<string, unknown> {
  if (status === 'PENDING') return { seenAt: null };
  if (status === 'AVAILABLE') return { holder: { $ne: null }, seenAt: { $gt: staleBefore() } };
  return { seenAt: { $ne: null }, $or: [{ holder: null }, { seenAt: { $lte: staleBefore() } }] };
}
