import type { Execution } from '../../store/models/execution.model';
import type { LogLine } from '../../store/models/log.model';

/** Room for the lines of one segment: the next epoch's lines sort behind them. */
const LINES_PER_EPOCH = 10_000_000;
/** So that the ids of an execution's lines are in the order of its lines: they need no index of their own. */
const ORDINAL_DIGITS = 12;
const MAX_MESSAGE = 4096;

/** One line of an execution's customer-visible log; the same epoch and number always make the same line. */
export function executionLine(
  execution: Pick<Execution, '_id' | 'organizationId' | 'customerId' | 'instanceId' | 'flowName'>,
  place: { epoch: number; number: number },
  { message, ...line }: Pick<LogLine, 'severity' | 'message' | 'stepName' | 'timestamp'>,
): LogLine {
  const ordinal = place.epoch * LINES_PER_EPOCH + place.number;
  return {
    _id: `${execution._id}/${String(ordinal).padStart(ORDINAL_DIGITS, '0')}`,
    organizationId: execution.organizationId,
    customerId: execution.customerId,
    instanceId: execution.instanceId,
    executionId: execution._id,
    flowName: execution.flowName,
    ordinal,
    ...line,
    message: message.slice(0, MAX_MESSAGE),
  };
}

/** The filter for the lines of an execution; they are in order by their ids. */
export function linesOf(executionId: string): { _id: { $gt: string; $lt: string } } {
  // Between a slash and the character that comes after it.
  return { _id: { $gt: `${executionId}/`, $lt: `${executionId}0` } };
}
