import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { endExecution } from '../run/end-execution';
import type { EndOptions } from '../run/store-end';
import { tellEnds } from '../run/tell-ends';

/**
 * Ends an execution that no segment will end any more. Reads the record anew; answers it, or null when it has ended
 * meanwhile, goes on in a newer segment, is not as given any more (`where`), or is gone.
 */
export async function endAbandoned(
  deps: Deps,
  executionId: string,
  { code, message, where }: { code: string; message: string; where?: EndOptions['where'] },
): Promise<Execution | null> {
  const execution = await deps.store.executions.findById(executionId, { request: 0 }).lean<Execution>();
  if (!execution || execution.phase === 'ended') return null;
  const ended = await endExecution(
    deps,
    execution,
    { error: { code, message, stepKey: null, stepName: null }, stepCount: execution.stepCount },
    { ...(where && { where }), isUntold: true },
  );
  if (!ended) return null;
  await tellEnds(deps, [executionId]);
  return ended;
}
