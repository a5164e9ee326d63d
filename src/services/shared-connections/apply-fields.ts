import { z } from 'zod';
import type { PlanConnection } from '../../engine/plan';
import { connectionFields } from '../instances/config/config-variable-input';
import { FaultCollector } from '../instances/config/fault-collector';
import { MASK } from '../instances/config/view-variables';

/** Fields of a shared connection that are set: those that are left out stay, empty ones fall back. */
export const fieldsInput = connectionFields.describe(
  'Fields by name. Those that are left out stay; an empty value falls back to what counts without it.',
);

/**
 * The fields after a change. `refused` names those that are not the actor's to set. A masked secret stays as it is.
 * Throws `invalid_input` with every fault, those that `faults` has already among them.
 */
export function applyFields(
  { fields }: PlanConnection,
  present: Map<string, string>,
  given: z.output<typeof fieldsInput>,
  refused: ReadonlySet<string> = new Set(),
  faults: FaultCollector = new FaultCollector('inputs'),
): Map<string, string> {
  const result = new Map(present);
  for (const { name, value } of given) {
    const text = String(value ?? '');
    if (!fields.some(({ key }) => key === name)) faults.add(name, `The connection has no field "${name}".`);
    else if (refused.has(name)) faults.add(name, `The field "${name}" is set by the organization.`);
    else if (text === '') result.delete(name);
    else if (text !== MASK) result.set(name, text);
  }
  faults.throwIfAny();
  return result;
}
