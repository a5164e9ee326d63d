import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField, notFound } from '../../errors';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { holdParent, inTransaction } from '../transaction';
import { issueAgentToken } from './agent-token';
import { findForWriting } from './find-resource';

export const createAgentTokenInput = z.object({
  resourceId: z.string().nullish().describe('A resource that is there already: its token once more.'),
  customerId: z
    .string()
    .nullish()
    .describe(
      'Whose instances may use it; the organization’s own if not given, for users of a customer theirs.',
    ),
  orgOnly: z.boolean().nullish().describe('The organization’s own, for instances of all customers.'),
  name: nameInput('An on-premise resource').nullish().describe('The agent’s own name for it if not given.'),
});

/** A token for an agent, with the resource that it is for. */
export interface AgentToken {
  jwt: string;
  resource: OnPremiseResource;
}

/**
 * Makes a resource and the token by which its agent connects; for one that is there already, its token. Throws
 * `not_found`, and `invalid_input` for a customer's resource that should be the organization's alone.
 */
export async function createAgentToken(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createAgentTokenInput>,
): Promise<AgentToken> {
  const input = parseInput(createAgentTokenInput, raw);
  const wanted = input.customerId || ctx.actor.customerId;
  if (input.orgOnly && wanted)
    throw invalidField('orgOnly', 'A resource is either a customer’s or the organization’s alone.');
  const resource = input.resourceId
    ? await findForWriting(deps, ctx, input.resourceId)
    : await create(deps, ctx, wanted, input.name);
  return { resource, jwt: await issueAgentToken(deps, resource) };
}

async function create(
  deps: Deps,
  ctx: RequestContext,
  wanted: string | null,
  name: string | null | undefined,
): Promise<OnPremiseResource> {
  const customerId = wanted ? (await findCustomer(deps, ctx, wanted))._id : null;
  requireInstanceWriter(ctx, { customerId });
  const now = new Date();
  const id = randomUUID();
  const resource: OnPremiseResource = {
    _id: id,
    organizationId: ctx.actor.organizationId,
    customerId,
    name: name ?? `On-premise resource ${id.slice(0, 8)}`,
    port: 0,
    tokenGeneration: 1,
    holder: null,
    seenAt: null,
    createdAt: now,
    updatedAt: now,
  };
  await inTransaction(deps, async (session) => {
    const { customers, onPremiseResources } = deps.store;
    if (customerId && !(await holdParent(customers, customerId, session))) throw notFound('The customer');
    await onPremiseResources.create([resource], { session });
  });
  return resource;
}
