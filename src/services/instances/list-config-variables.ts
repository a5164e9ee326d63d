import { z } from 'zod';
import type { ConnectionState } from '../../store/models/connection.model';
import { mayWriteInstance } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
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
  const [plan, states] = await Promise.all([
    draftPlanOf(deps, instance),
    deps.store.connections.find({ instanceId }).lean<ConnectionState[]>(),
  ]);
  return viewVariables(deps, {
    instanceId,
    plan,
    open: openVariables(deps.sealer, instance.configVariables),
    states,
    isCustomerUser: ctx.actor.customerId !== null,
    mayGrant: mayWriteInstance(ctx, instance),
  });
}
