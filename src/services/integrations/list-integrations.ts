import { z } from 'zod';
import { invalidField } from '../../errors';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import { visibleTo } from '../authorize';
import type { Deps, RequestContext } from '../context';
import {
  DESCRIBED_ORDER,
  describedConditions,
  describedFilters,
  orderInput,
  sortOf,
} from '../described-list';
import { isGiven } from '../is-given';
import { mapPage, type Page, pageInput, pageOf, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';
import { type IntegrationView, viewOfDraft, viewOfVersion } from './integration-view';

const ORDER = {
  ...DESCRIBED_ORDER,
  CATEGORY: { field: 'category', type: 'string' },
  VERSION_NUMBER: { field: 'latestVersionNumber', type: 'number' },
} as const;

export const listIntegrationsInput = pageInput.extend({
  allVersions: z.boolean().nullish().describe('Drafts and every published version; otherwise drafts only.'),
  customerId: z.string().nullish(),
  hasCustomer: z.boolean().nullish().describe('False: only those of the organization itself.'),
  ...describedFilters,
  category: z.string().nullish(),
  categorySearch: z.string().nullish().describe('Part of the category.'),
  isCodeNative: z.boolean().nullish(),
  order: orderInput(ORDER).describe('By name if not given; of drafts alone.'),
});

/**
 * Integrations by name, drafts alone also in another order; with `allVersions` each draft, then its published
 * versions, newest first.
 */
export async function listIntegrations(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listIntegrationsInput> = {},
): Promise<Page<IntegrationView>> {
  const input = parseInput(listIntegrationsInput, raw);
  const { customerId, hasCustomer, category, categorySearch, isCodeNative, order } = input;
  const conditions: Record<string, unknown>[] = [{ ...visibleTo(ctx) }, ...describedConditions(input)];
  if (isGiven(customerId)) conditions.push({ customerId });
  if (isGiven(hasCustomer)) conditions.push({ customerId: hasCustomer ? { $ne: null } : null });
  if (isGiven(category)) conditions.push({ category });
  if (categorySearch) conditions.push({ category: containing(categorySearch) });
  // Absent where nothing was imported since that is known.
  if (isGiven(isCodeNative)) conditions.push({ isCodeNative: isCodeNative ? true : { $ne: true } });
  const filter = { $and: conditions };
  if (input.allVersions && order?.length)
    throw invalidField('order', 'With all versions the list is ordered by name; leave out the order.');
  if (input.allVersions) return listAllVersions(deps, filter, input);
  const sort = sortOf(ORDER, order);
  const page = await readPage({ model: deps.store.integrations, filter, sort, page: input });
  return mapPage(page, viewOfDraft);
}

type Row = { name: string; rank: number; place: string } & (
  | { kind: 'draft'; document: Integration }
  | { kind: 'version'; document: IntegrationVersion }
);

/** Highest, so that a draft stands before its versions. */
const DRAFT_RANK = Number.MAX_SAFE_INTEGER;

async function listAllVersions(
  deps: Deps,
  filter: Record<string, unknown>,
  page: z.output<typeof listIntegrationsInput>,
): Promise<Page<IntegrationView>> {
  const { integrations, integrationVersions } = deps.store;
  const rows = (kind: Row['kind'], rank: unknown, place: string) => [
    { $match: filter },
    { $project: { name: 1, rank, place, kind: { $literal: kind }, document: '$$ROOT' } },
  ];
  const found = await pageOf<Row>({
    sort: [
      { field: 'name', direction: 1, type: 'string' },
      { field: 'place', direction: 1, type: 'string' },
      { field: 'rank', direction: -1, type: 'number' },
    ],
    page,
    read: ({ conditions, order, limit }) =>
      integrations.aggregate<Row>([
        ...rows('draft', { $literal: DRAFT_RANK }, '$_id'),
        {
          $unionWith: {
            coll: integrationVersions.collection.name,
            pipeline: rows('version', '$versionNumber', '$integrationId'),
          },
        },
        ...conditions.map(($match) => ({ $match })),
        { $sort: Object.fromEntries(order) },
        { $limit: limit },
      ]),
    count: async () =>
      (await integrations.countDocuments(filter)) + (await integrationVersions.countDocuments(filter)),
  });
  return mapPage(found, (row) =>
    row.kind === 'draft' ? viewOfDraft(row.document) : viewOfVersion(row.document),
  );
}
