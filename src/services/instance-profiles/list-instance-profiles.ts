import { z } from 'zod';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { Deps, RequestContext } from '../context';
import { DESCRIBED_ORDER, orderInput, sortOf } from '../described-list';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';
import { containing } from '../text-filter';
import { defaultProfile } from './default-profile';
import { visibleProfiles } from './find-instance-profile';

const { NAME, DESCRIPTION } = DESCRIBED_ORDER;
const ORDER = { NAME, DESCRIPTION };

export const listInstanceProfilesInput = pageInput.extend({
  name: z.string().nullish().describe('The whole name.'),
  search: z.string().nullish().describe('Part of the name.'),
  description: z.string().nullish().describe('The whole description.'),
  descriptionSearch: z.string().nullish().describe('Part of the description.'),
  isDefault: z.boolean().nullish(),
  order: orderInput(ORDER),
});

/** Profiles by name unless another order is asked for; the default one is always among them. */
export async function listInstanceProfiles(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listInstanceProfilesInput> = {},
): Promise<Page<InstanceProfile>> {
  const input = parseInput(listInstanceProfilesInput, raw);
  const { name, search, description, descriptionSearch, isDefault } = input;
  await defaultProfile(deps, ctx.actor.organizationId);
  const conditions: Record<string, unknown>[] = [visibleProfiles(ctx)];
  if (isGiven(name)) conditions.push({ name });
  if (search) conditions.push({ name: containing(search) });
  if (isGiven(description)) conditions.push({ description });
  if (descriptionSearch) conditions.push({ description: containing(descriptionSearch) });
  if (isGiven(isDefault)) conditions.push({ isDefault });
  return readPage({
    model: deps.store.instanceProfiles,
    filter: { $and: conditions },
    sort: sortOf(ORDER, input.order),
    page: input,
  });
}
