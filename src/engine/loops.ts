import type { PlanLoop, PlanStep } from './plan';
import type { StepError } from './walker-host';

/** The items that a loop goes over, or why it cannot. An object gives its values, a count its indices. */
export function loopItems(
  loop: PlanLoop,
  inputs: Record<string, unknown>,
): { items: readonly unknown[] | number } | { error: StepError } {
  if (loop.kind === 'times') {
    const count = Number(inputs['iterationCount']);
    if (Number.isInteger(count) && count >= 0) return { items: count };
    return failed(
      `input iterationCount wants a whole number from 0, got '${String(inputs['iterationCount'])}'`,
    );
  }
  const { items } = inputs;
  if (Array.isArray(items)) return { items };
  if (items !== null && typeof items === 'object') return { items: Object.values(items) };
  return failed(
    `input items wants a list or an object, got ${items === undefined ? 'nothing' : typeof items}`,
  );
}

function failed(message: string): { error: StepError } {
  return { error: { code: 'component_error', message: `The loop cannot start: ${message}.` } };
}

/** Keys of every step inside a body, nested ones too: what an iteration must not see of the one before. */
export function bodyKeys(steps: readonly PlanStep[]): string[] {
  return steps.flatMap((step) => [
    step.key,
    ...(step.branches ?? []).flatMap((branch) => bodyKeys(branch.steps)),
    ...(step.loop ? bodyKeys(step.loop.steps) : []),
  ]);
}
