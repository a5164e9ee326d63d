import { printOutside } from './capture-output';
import type { PerformError, PerformRequest } from './contract';

/** Of one process: an interval can throw without an end. */
const MOST_TOLD = 5;
/** In characters, its secrets masked. */
const LONGEST = 2_500;

let told = 0;

/** Prints an error that no call can tell any more, for the log of the worker; the first few of this process. */
export function tellOperator({ message, stack }: Pick<PerformError, 'message' | 'stack'>): void {
  told += 1;
  if (told > MOST_TOLD + 1) return;
  const text = [message, stack].filter(Boolean).join('\n').slice(0, LONGEST);
  printOutside(`${told > MOST_TOLD ? 'Further errors of this process are not shown.' : text}\n`);
}

/** What says of an error whose it is when its call is over. */
export function afterEndOf({ component, kind, key, context }: PerformRequest): string {
  const { executionId, executionFrame } = context as {
    executionId?: unknown;
    executionFrame?: { stepName?: unknown };
  };
  const stepName = executionFrame?.stepName;
  const where = [
    typeof executionId === 'string' && executionId !== '' ? `execution ${executionId}` : '',
    typeof stepName === 'string' ? `step ${stepName}` : '',
  ].filter(Boolean);
  const of = where.length === 0 ? '' : ` (${where.join(', ')})`;
  return `After the end of ${kind} "${key}" of component "${component.key}"${of}`;
}
