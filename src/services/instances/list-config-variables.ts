import { z } from 'zod';
import type { ConnectionState } from '../../store/models/connection.model';
import { mayWriteInstance } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { placeShared } from '../shared-connections/place-shared';
import { withKnownResources } from './config/known-resources';
import { openVariables } from './config/open-variables';
import { type ConfigVariableView, viewVariables } from './config/view-variables';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';

export const listConfigVariablesInput = z.object({ instanceId: z.string() });

/**
 * The draft configuration, passwords masked. Users of a customer do not see what only the organization may set.
 * Throws `not_found`.
 */
export async function listConfigVariables(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listConfigVariablesInput>,
): Promise<ConfigVariableView[]> {
  const { instanceId } = parseInput(listConfigVariablesInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  const set = openVariables(deps.sealer, instance.configVariables);
  const { plan, open } = await placeShared(deps, instanceId, await draftPlanOf(deps, instance), set);
  const shared = [...open.values()].flatMap((variable) => variable.shared?.id ?? []);
  const states = await deps.store.connections
    .find({ $or: [{ instanceId, userConfigId: null }, { sharedId: { $in: shared } }] })
    .lean<ConnectionState[]>();
  const views = viewVariables(deps, {
    owner: { instanceId },
    plan,
    open,
    states,
    isCustomerUser: ctx.actor.customerId !== null,
    mayGrant: mayWriteInstance(ctx, instance),
  });
  return withKnownResources(deps, ctx, views);
}
