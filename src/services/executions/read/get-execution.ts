import { z } from 'zod';
import type { Execution } from '../../../store/models/execution.model';
import { requireVisible } from '../../authorize';
import type { Deps, RequestContext } from '../../context';
import { parseInput } from '../../parse-input';

export const getExecutionInput = z.object({ id: z.string() });

/** One execution with its request and answer. Throws `not_found`. */
export async function getExecution(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getExecutionInput>,
): Promise<Execution> {
  const { id } = parseInput(getExecutionInput, raw);
  return requireVisible(ctx, await deps.store.executions.findById(id).lean<Execution>(), 'The execution');
}

/** Throws `not_found` unless the actor may know of the execution; reads its owner only. */
export async function requireExecution(deps: Deps, ctx: RequestContext, id: string): Promise<void> {
  const owner = await deps.store.executions
    .findById(id, { organizationId: 1, customerId: 1 })
    .lean<Pick<Execution, 'organizationId' | 'customerId'>>();
  requireVisible(ctx, owner, 'The execution');
}
