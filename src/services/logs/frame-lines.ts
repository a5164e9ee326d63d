import type { Execution } from '../../store/models/execution.model';
import type { LogLine } from '../../store/models/log.model';
import { executionLine } from './execution-line';

/**
 * The first line of an execution's log, none for one that keeps no log. Its place is fixed, so that each segment that
 * may be the first one to get it stored can write it.
 */
export function firstLines(execution: Execution, instanceName: string): LogLine[] {
  if (execution.profile?.logsDisabled) return [];
  const line = executionLine(
    execution,
    { epoch: 0, number: 0 },
    {
      severity: 'INFO',
      stepName: null,
      timestamp: execution.startedAt ?? execution.acceptedAt,
      message: `Starting Instance Execution: ${instanceName} / ${execution.flowName}`,
    },
  );
  return [line];
}

/**
 * The last lines of an ended execution's log, none for one that keeps no log. They are made of its record alone and
 * stand behind every line of its segments: however often and by whomever they are written, they are there once. Tools
 * that follow a log stop at the first words of the last one.
 */
export function lastLines(ended: Execution, instanceName: string): LogLine[] {
  const { error } = ended;
  if (ended.profile?.logsDisabled) return [];
  const common = {
    severity: error === null ? ('INFO' as const) : ('ERROR' as const),
    stepName: null,
    timestamp: ended.endedAt ?? new Date(),
  };
  const messages = [`Ending Instance Execution: ${instanceName} (${outcomeOf(ended)})`];
  // What a step throws stands in the log already.
  if (error !== null && error.stepKey === null) messages.unshift(error.message);
  return messages.map((message, number) =>
    executionLine(ended, { epoch: ended.epoch + 1, number }, { ...common, message }),
  );
}

function outcomeOf({ error, resultType }: Execution): string {
  if (error !== null) return error.stepName === null ? error.code : `failed at step '${error.stepName}'`;
  return resultType === 'CANCELED_AS_DUPLICATE' ? 'canceled as a duplicate' : 'success';
}
