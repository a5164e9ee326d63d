import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { endExecution } from '../run/end-execution';
import { tellEnds } from '../run/tell-ends';

/**
 * Ends an execution that no segment will end any more. Reads the record anew; answers it, or null when it has ended
 * meanwhile, goes on in a newer segment or in another workflow than the one given, or is gone.
 */
export async function endAbandoned(
  deps: Deps,
  executionId: string,
  { code, message, workflowId }: { code: string; message: string; workflowId?: string },
): Promise<Execution | null> {
  const execution = await deps.store.executions.findById(executionId, { request: 0 }).lean<Execution>();
  if (!execution || execution.phase === 'ended') return null;
  const ended = await endExecution(
    deps,
    execution,
    { error: { code, message, stepKey: null, stepName: null }, stepCount: execution.stepCount },
    { ...(workflowId !== undefined && { where: { workflowId } }), isUntold: true },
  );
  if (!ended) return null;
  await tellEnds(deps, [executionId]);
  return ended;
}
