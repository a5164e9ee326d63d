import { AppError } from '../errors';
import type { Deps } from './context';

const PING_MS = 2000;

/** Throws `dependency_unavailable` soon, saying what is left undone, while Temporal cannot be reached. */
export async function requireTemporal(deps: Pick<Deps, 'temporal'>, consequence: string): Promise<void> {
  if (await deps.temporal.ping(PING_MS)) return;
  throw new AppError('dependency_unavailable', `The workflow engine cannot be reached. ${consequence}`, {
    retryAfterSeconds: 2,
  });
}
