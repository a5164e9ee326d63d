import { endAbandoned } from '../services/executions/repair/end-abandoned';
import { executionIdOfTick } from '../services/executions/run/begin-segment';
import { pushLeft } from './push-left';
import type { RunDeps } from './run-deps';

/** Ends an execution whose segment could not be run at all. Harmless when it has ended or is gone. */
export async function recordFailure(
  deps: RunDeps,
  { code, message, ...of }: { executionId?: string; workflowId: string; code: string; message: string },
): Promise<void> {
  const ended = await endAbandoned(deps, of.executionId ?? executionIdOfTick(of.workflowId), {
    code,
    message,
  });
  if (ended) pushLeft(deps, ended);
}
