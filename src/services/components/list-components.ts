import { z } from 'zod';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage, type SortField } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';
import { visibleComponents } from './visible-components';

export const COMPONENT_ORDER_FIELDS = [
  'CATEGORY',
  'DESCRIPTION',
  'LABEL',
  'VERSION_CREATED_AT',
  'VERSION_NUMBER',
] as const;

const ORDERED: Record<(typeof COMPONENT_ORDER_FIELDS)[number], Omit<SortField, 'direction'>> = {
  CATEGORY: { field: 'manifest.display.category', type: 'string' },
  DESCRIPTION: { field: 'manifest.display.description', type: 'string' },
  LABEL: { field: 'manifest.display.label', type: 'string' },
  VERSION_CREATED_AT: { field: 'createdAt', type: 'date' },
  VERSION_NUMBER: { field: 'versionNumber', type: 'number' },
};

export const listComponentsInput = pageInput.extend({
  key: z.string().nullish(),
  isPublic: z.boolean().nullish(),
  versionNumber: z.int().nullish(),
  allVersions: z
    .boolean()
    .nullish()
    .describe('Every version in whatever state; otherwise the newest of each component that can be used.'),
  includeCodeNative: z.boolean().nullish().describe('Also the code of code-native integrations.'),
  search: z.string().nullish().describe('Part of the key or of the label.'),
  orderBy: z
    .object({ field: z.enum(COMPONENT_ORDER_FIELDS), isDescending: z.boolean() })
    .nullish()
    .describe('By key if not given.'),
  filterKeys: z.array(z.string()).nullish().describe('Only components with one of these keys.'),
});

/** Components by key, built-ins included: the newest usable version of each, unless asked otherwise. */
export async function listComponents(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listComponentsInput> = {},
): Promise<Page<ComponentVersion>> {
  const input = parseInput(listComponentsInput, raw);
  const conditions: Record<string, unknown>[] = [visibleComponents(ctx)];
  if (isGiven(input.key)) conditions.push({ key: input.key });
  if (isGiven(input.filterKeys)) conditions.push({ key: { $in: input.filterKeys } });
  if (isGiven(input.isPublic)) conditions.push({ isPublic: input.isPublic });
  if (!input.includeCodeNative) conditions.push({ isCodeNative: { $ne: true } });
  // Clients wait for a version until they see it. One that was refused is shown: waiting would not help.
  if (isGiven(input.versionNumber))
    conditions.push({ versionNumber: input.versionNumber, status: { $ne: 'pending' } });
  else if (!input.allVersions) conditions.push({ isLatest: true });
  if (input.search) {
    const text = containing(input.search);
    conditions.push({ $or: [{ key: text }, { 'manifest.display.label': text }] });
  }
  return readPage({
    model: deps.store.componentVersions,
    filter: { $and: conditions },
    sort: [
      ...(input.orderBy
        ? [
            {
              ...ORDERED[input.orderBy.field],
              direction: input.orderBy.isDescending ? (-1 as const) : (1 as const),
            },
          ]
        : []),
      { field: 'key', direction: 1, type: 'string' },
      { field: 'versionNumber', direction: -1, type: 'number' },
      { field: '_id', direction: 1, type: 'string' },
    ],
    page: input,
  });
}
