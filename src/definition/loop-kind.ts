import type { PlanLoop } from '../engine/plan';
import type { Step } from './schema';

const LOOPS: ReadonlyMap<string, PlanLoop['kind']> = new Map([
  ['loopOverItems', 'items'],
  ['loopNTimes', 'times'],
]);

/** How a step repeats the steps in its body; nothing for a step that is no loop. */
export function loopKind(step: Step): PlanLoop['kind'] | undefined {
  const { component, key } = step.action;
  return component.key === 'loop' && component.isPublic ? LOOPS.get(key) : undefined;
}
