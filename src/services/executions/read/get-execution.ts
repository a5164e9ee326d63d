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

/** Who owns an execution, what it has to do with a preprocess flow, and when it ended. */
export type ExecutionHead = Pick<
  Execution,
  'organizationId' | 'customerId' | 'isPreprocess' | 'preprocessExecutionId' | 'endedAt' | 'profile'
>;

/** Throws `not_found` unless the actor may know of the execution; reads no more of it than that. */
export async function requireExecution(deps: Deps, ctx: RequestContext, id: string): Promise<ExecutionHead> {
  const head = await deps.store.executions
    .findById(id, {
      organizationId: 1,
      customerId: 1,
      isPreprocess: 1,
      preprocessExecutionId: 1,
      endedAt: 1,
      profile: 1,
    })
    .lean<ExecutionHead>();
  return requireVisible(ctx, head, 'The execution');
}
