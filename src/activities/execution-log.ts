import type { Execution } from '../store/models/execution.model';
import type { LogSeverity } from '../store/models/log.model';
import type { RunDeps } from './run-deps';

/** Room for the lines of one segment: the next epoch's lines sort behind them. */
const LINES_PER_EPOCH = 10_000_000;
const MAX_MESSAGE = 4096;

/** The customer-visible log of one segment of an execution. */
export function executionLog(deps: RunDeps, execution: Execution) {
  let next = execution.epoch * LINES_PER_EPOCH;
  return (severity: LogSeverity, message: string, stepName?: string, timestamp = new Date()): void => {
    const ordinal = next;
    next += 1;
    deps.logs.append({
      _id: `${execution._id}/${ordinal}`,
      organizationId: execution.organizationId,
      customerId: execution.customerId,
      instanceId: execution.instanceId,
      executionId: execution._id,
      flowName: execution.flowName,
      ordinal,
      timestamp,
      severity,
      message: message.slice(0, MAX_MESSAGE),
      stepName: stepName ?? null,
    });
  };
}
