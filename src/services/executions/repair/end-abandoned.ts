import { insertNew } from '../../../store/bulk-insert';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { executionLine } from '../../logs/execution-line';
import { endExecution } from '../run/end-execution';

/**
 * Ends an execution that no segment will end any more, with the log lines of an end. Reads the record anew;
 * answers it, or null when it has ended meanwhile, goes on in another workflow than the one given, or is gone.
 */
export async function endAbandoned(
  deps: Deps,
  executionId: string,
  { code, message, workflowId }: { code: string; message: string; workflowId?: string },
): Promise<Execution | null> {
  const execution = await deps.store.executions.findById(executionId, { request: 0 }).lean<Execution>();
  if (!execution || execution.phase === 'ended') return null;
  if (workflowId !== undefined && execution.workflowId !== workflowId) return null;
  await writeLines(deps, execution, [message, `Ending Instance Execution (${code})`]);
  await endExecution(deps, execution, {
    error: { code, message, stepKey: null, stepName: null },
    stepCount: execution.stepCount,
  });
  return execution;
}

/** Behind every line of the last segment. Their ids are fixed, so that two processes write each line once. */
async function writeLines(deps: Deps, execution: Execution, messages: string[]): Promise<void> {
  const common = { severity: 'ERROR', stepName: null, timestamp: new Date() } as const;
  const epoch = execution.epoch + 1;
  const lines = messages.map((message, number) =>
    executionLine(execution, { epoch, number }, { ...common, message }),
  );
  await insertNew(deps.store.logs.collection, lines);
}
