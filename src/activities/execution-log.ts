import { executionLine } from '../services/logs/execution-line';
import type { Execution } from '../store/models/execution.model';
import type { LogSeverity } from '../store/models/log.model';
import type { RunDeps } from './run-deps';

/** The customer-visible log of one segment of an execution; of one that keeps no log nothing is stored. */
export function executionLog(deps: RunDeps, execution: Execution) {
  const { epoch } = execution;
  let number = 0;
  return (severity: LogSeverity, message: string, stepName?: string, timestamp = new Date()): void => {
    if (execution.profile?.logsDisabled) return;
    const line = { severity, message, stepName: stepName ?? null, timestamp };
    deps.logs.append(executionLine(execution, { epoch, number }, line));
    number += 1;
  };
}
