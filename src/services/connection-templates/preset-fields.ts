import type { z } from 'zod';
import { didYouMean } from '../../definition/nearest';
import type { PlanConnection } from '../../engine/plan';
import type { FieldFault } from '../../errors';
import { MASK } from '../instances/config/view-variables';
import type { fieldsInput } from '../shared-connections/apply-fields';

interface PresetFields {
  fields: Map<string, string>;
  /** One for each field that cannot be set. */
  faults: FieldFault[];
}

/** The values of a preset after a change: an empty one is taken out, and a masked secret stays as it is. */
export function presetFields(
  { key, fields: known }: PlanConnection,
  present: ReadonlyMap<string, string>,
  given: z.output<typeof fieldsInput>,
): PresetFields {
  const fields = new Map(present);
  const faults: FieldFault[] = [];
  const seen = new Set<string>();
  const names = known.map((field) => field.key);
  for (const { name, value } of given) {
    const text = String(value ?? '');
    const add = (message: string) => faults.push({ field: `inputs.${name}`, messages: [message] });
    if (seen.has(name)) add(`The field "${name}" is given twice.`);
    else if (!names.includes(name))
      add(`The connection "${key}" has no field "${name}". ${didYouMean(name, names)}`);
    else if (text === '') fields.delete(name);
    else if (text !== MASK) fields.set(name, text);
    seen.add(name);
  }
  return { fields, faults };
}
