import { z } from 'zod';
import type { Customer } from '../../store/models/customer.model';
import type { Instance } from '../../store/models/instance.model';
import { visibleTo } from '../authorize';
import { deployedWith } from '../connection-templates/users-of-template';
import type { Deps, RequestContext } from '../context';
import {
  DESCRIBED_ORDER,
  describedConditions,
  describedFilters,
  orderInput,
  sortOf,
} from '../described-list';
import { isGiven } from '../is-given';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';

/** Most ids that a list is narrowed down to at once. */
const MOST_IDS = 100;

export const listInstancesInput = pageInput.extend({
  ...describedFilters,
  ids: z.array(z.string()).max(MOST_IDS).nullish(),
  customerId: z.string().nullish(),
  customerExternalId: z.string().nullish().describe("The customer's id in the organization's own system."),
  integrationId: z.string().nullish().describe('Of an integration or of one of its versions.'),
  connectionTemplateId: z.string().nullish().describe('Deployed with values of that preset.'),
  profileId: z.string().nullish().describe('Of the instance profile that is their own.'),
  orWithoutProfile: z.boolean().nullish().describe('Also those that have none of their own.'),
  isSystem: z.boolean().nullish().describe('True lists the test instances of integrations instead.'),
  enabled: z.boolean().nullish(),
  needsDeploy: z.boolean().nullish(),
  globalDebug: z.boolean().nullish(),
  order: orderInput(DESCRIBED_ORDER),
});

/** Instances by name unless another order is asked for. */
export async function listInstances(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listInstancesInput> = {},
): Promise<Page<Instance>> {
  const input = parseInput(listInstancesInput, raw);
  const { ids, customerId, customerExternalId, integrationId, isSystem, connectionTemplateId } = input;
  const conditions: Record<string, unknown>[] = [
    { ...visibleTo(ctx), isSystem: isSystem ?? false },
    ...describedConditions(input),
  ];
  if (isGiven(ids)) conditions.push({ _id: { $in: ids } });
  if (isGiven(customerId)) conditions.push({ customerId });
  if (isGiven(input.profileId))
    conditions.push({ profileId: { $in: [input.profileId, ...(input.orWithoutProfile ? [null] : [])] } });
  if (isGiven(customerExternalId))
    conditions.push({ customerId: await customerCalled(deps, ctx, customerExternalId) });
  if (isGiven(integrationId)) conditions.push({ $or: [{ integrationId }, { versionId: integrationId }] });
  if (isGiven(connectionTemplateId)) conditions.push(deployedWith(connectionTemplateId));
  for (const flag of ['enabled', 'needsDeploy', 'globalDebug'] as const) {
    const wanted = input[flag];
    if (isGiven(wanted)) conditions.push({ [flag]: wanted });
  }
  return readPage({
    model: deps.store.instances,
    filter: { $and: conditions },
    sort: sortOf(DESCRIBED_ORDER, input.order),
    page: input,
  });
}

/** An id that no customer has when there is none. */
async function customerCalled(deps: Deps, ctx: RequestContext, externalId: string): Promise<string> {
  const { organizationId } = ctx.actor;
  const found = await deps.store.customers
    .findOne({ organizationId, externalId }, { _id: 1 })
    .lean<Pick<Customer, '_id'>>();
  return found?._id ?? '';
}
