import type { PlanStep } from '../engine/plan';
import type { StepResult } from '../store/models/step-result.model';

/** Built-in actions that reach nothing outside and give the same each time for the same inputs. */
const REPEATABLE = new Set([
  'webhook-triggers.webhook',
  'branch.branchOnExpression',
  'branch.branchOnValue',
  'branch.selectExecutedStepResult',
  'loop.breakLoop',
  'loop.loopOverItems',
  'loop.loopNTimes',
  'log.writeLog',
]);

/**
 * Whether the step behind this one need not wait until its record is stored: when the record is lost, the next
 * segment makes the same one. Records are stored in the order of the steps, so none is lost before one that is kept.
 */
export function isRepeatable(
  { component, action }: PlanStep,
  { error, states, statesBlobId }: Pick<StepResult, 'error' | 'states' | 'statesBlobId'>,
): boolean {
  const isOurs = component.isPublic && REPEATABLE.has(`${component.key}.${action}`);
  return isOurs && !error && !states && !statesBlobId;
}
