import { executionIdOfTick } from '../services/executions/run/begin-segment';
import { endExecution } from '../services/executions/run/end-execution';
import { executionLog } from './execution-log';
import { pushLeft } from './push-left';
import type { RunDeps } from './run-deps';

/** Ends an execution whose segment could not be run at all. Harmless when it has ended or is gone. */
export async function recordFailure(
  deps: RunDeps,
  failure: { executionId?: string; workflowId: string; code: string; message: string },
): Promise<void> {
  const executionId = failure.executionId ?? executionIdOfTick(failure.workflowId);
  const execution = await deps.store.executions.findById(executionId).lean();
  if (!execution || execution.phase === 'ended') return;
  const log = executionLog(deps, { ...execution, epoch: execution.epoch + 1 });
  log('ERROR', failure.message);
  log('ERROR', `Ending Instance Execution (${failure.code})`);
  await deps.logs.flush();
  const { code, message } = failure;
  await endExecution(deps, execution, {
    error: { code, message, stepKey: null, stepName: null },
    stepCount: execution.stepCount,
  });
  pushLeft(deps, execution);
}
