import type { ComponentStatus, ComponentVersion } from '../../store/models/component-version.model';

/** How long after its publish a package may arrive, in seconds: the upload addresses work for so long. */
export const UPLOAD_SECONDS = 900;

/** The filter for versions that can be used. */
export const READY = { status: 'ready' } as const;

/**
 * The state of a version as its publisher is told it, with a reason unless it is ready: one whose package never
 * arrived counts as refused.
 */
export function statusOf(
  version: Pick<ComponentVersion, 'status' | 'statusReason' | 'receivedAt' | 'createdAt'>,
  now = Date.now(),
): { status: ComponentStatus; reason: string } {
  const { status, statusReason, receivedAt, createdAt } = version;
  if (status !== 'pending') return { status, reason: statusReason };
  const isOver = now - createdAt.getTime() > UPLOAD_SECONDS * 1000;
  if (isOver && receivedAt === null) return { status: 'refused', reason: 'Its package never arrived.' };
  if (isOver) return { status: 'refused', reason: 'The check of its package did not come to an end.' };
  const reason = receivedAt === null ? 'Its package has not arrived yet.' : 'Its package is being checked.';
  return { status, reason };
}
