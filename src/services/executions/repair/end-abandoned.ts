import type { Execution } from '../../../store/models/execution.model';
import type { LogSeverity } from '../../../store/models/log.model';
import type { Deps } from '../../context';
import { endExecution } from '../run/end-execution';

/** Room for the log lines of one segment, as the worker numbers them. */
const LINES_PER_EPOCH = 10_000_000;

/**
 * Ends an execution that no worker will end any more, with the log lines of an end. Reads the record anew;
 * answers false when it has ended meanwhile or is gone.
 */
export async function endAbandoned(
  deps: Deps,
  executionId: string,
  { code, message, workflowId }: { code: string; message: string; workflowId?: string },
): Promise<boolean> {
  const execution = await deps.store.executions.findById(executionId, { request: 0 }).lean<Execution>();
  if (!execution || execution.phase === 'ended') return false;
  // It has gone on in another workflow meanwhile.
  if (workflowId !== undefined && execution.workflowId !== workflowId) return false;
  await writeLines(deps, execution, [
    ['ERROR', message],
    ['ERROR', `Ending Instance Execution (${code})`],
  ]);
  await endExecution(deps, execution, {
    error: { code, message, stepKey: null, stepName: null },
    stepCount: execution.stepCount,
  });
  return true;
}

/** Behind every line of the last segment. Ids are fixed, so that two processes write each line once. */
async function writeLines(deps: Deps, execution: Execution, lines: [LogSeverity, string][]): Promise<void> {
  const timestamp = new Date();
  for (const [at, [severity, message]] of lines.entries()) {
    const ordinal = (execution.epoch + 1) * LINES_PER_EPOCH + at;
    await deps.store.logs.updateOne(
      { _id: `${execution._id}/${ordinal}` },
      {
        $setOnInsert: {
          organizationId: execution.organizationId,
          customerId: execution.customerId,
          instanceId: execution.instanceId,
          executionId: execution._id,
          flowName: execution.flowName,
          ordinal,
          timestamp,
          severity,
          message,
          stepName: null,
        },
      },
      { upsert: true },
    );
  }
}
