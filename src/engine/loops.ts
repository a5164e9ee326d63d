import { toNumber } from './numbers';
import { isBytes } from './paths';
import type { PlanLoop } from './plan';
import { toText } from './text';
import type { StepError } from './walker-host';

/** The items that a loop goes over, or why it cannot. An object gives its values, a count its indices. */
export function loopItems(
  loop: PlanLoop,
  inputs: Record<string, unknown>,
): { items: readonly unknown[] | number } | { error: StepError } {
  if (loop.kind === 'times') {
    const { iterationCount } = inputs;
    const count = toNumber(iterationCount);
    if (count !== undefined && Number.isInteger(count) && count >= 0) return { items: count };
    return failed(`input iterationCount wants a whole number from 0, got '${toText(iterationCount)}'`);
  }
  const { items } = inputs;
  if (Array.isArray(items)) return { items };
  if (isBytes(items)) return failed('input items wants a list or an object, got binary data');
  if (items !== null && typeof items === 'object' && !(items instanceof Date))
    return { items: Object.values(items) };
  return failed(`input items wants a list or an object, got ${kindOf(items)}`);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return value instanceof Date ? 'a date' : typeof value;
}

function failed(message: string): { error: StepError } {
  return { error: { code: 'component_error', message: `The loop cannot start: ${message}.` } };
}
