import { z } from 'zod';
import { isGiven } from './is-given';
import type { SortField } from './paging';
import { beginning, containing } from './text-filter';

const text = () => z.string().nullish();
const date = () => z.date().nullish();

/** What lists of objects with a name, a description and labels can be narrowed down to. */
export const describedFilters = {
  search: text().describe('Part of the name.'),
  name: text().describe('The whole name.'),
  nameStart: text().describe('What the name begins with.'),
  descriptionSearch: text().describe('Part of the description.'),
  label: text().describe('One of its labels.'),
  labelSearch: text().describe('Part of one of its labels.'),
  createdFrom: date(),
  createdTo: date(),
  updatedFrom: date(),
  updatedTo: date(),
};
type DescribedFilters = z.output<z.ZodObject<typeof describedFilters>>;

/** The conditions that the objects must fulfil; empty texts are no filter where a part is looked for. */
export function describedConditions(input: DescribedFilters): Record<string, unknown>[] {
  const conditions: Record<string, unknown>[] = [];
  if (input.search) conditions.push({ name: containing(input.search) });
  if (isGiven(input.name)) conditions.push({ name: input.name });
  if (input.nameStart) conditions.push({ name: beginning(input.nameStart) });
  if (input.descriptionSearch) conditions.push({ description: containing(input.descriptionSearch) });
  if (isGiven(input.label)) conditions.push({ labels: input.label });
  if (input.labelSearch) conditions.push({ labels: containing(input.labelSearch) });
  if (isGiven(input.createdFrom)) conditions.push({ createdAt: { $gte: input.createdFrom } });
  if (isGiven(input.createdTo)) conditions.push({ createdAt: { $lte: input.createdTo } });
  if (isGiven(input.updatedFrom)) conditions.push({ updatedAt: { $gte: input.updatedFrom } });
  if (isGiven(input.updatedTo)) conditions.push({ updatedAt: { $lte: input.updatedTo } });
  return conditions;
}

type OrderFields = Record<string, Omit<SortField, 'direction'>>;

/** By what objects with a name and a description can be ordered. */
export const DESCRIBED_ORDER = {
  NAME: { field: 'name', type: 'string' },
  DESCRIPTION: { field: 'description', type: 'string' },
  CREATED_AT: { field: 'createdAt', type: 'date' },
  UPDATED_AT: { field: 'updatedAt', type: 'date' },
} as const satisfies OrderFields;

/** The input field that orders a list by some of the named fields, the first one before the others. */
export function orderInput<const F extends OrderFields>(fields: F) {
  const names = Object.keys(fields) as [keyof F & string, ...(keyof F & string)[]];
  return z
    .array(z.object({ field: z.enum(names), isDescending: z.boolean() }))
    .max(names.length)
    .nullish()
    .describe('By name if not given.');
}

/** The order that was asked for, then by name, then by id, so that it is a whole one. */
export function sortOf<F extends OrderFields>(
  fields: F,
  order: readonly { field: keyof F & string; isDescending: boolean }[] | null | undefined,
): SortField[] {
  const asked = (order ?? []).flatMap(({ field, isDescending }): SortField[] => {
    const known = fields[field];
    return known ? [{ ...known, direction: isDescending ? -1 : 1 }] : [];
  });
  const all: SortField[] = [
    ...asked,
    { field: 'name', direction: 1, type: 'string' },
    { field: '_id', direction: 1, type: 'string' },
  ];
  return all.filter(({ field }, at) => all.findIndex((earlier) => earlier.field === field) === at);
}
