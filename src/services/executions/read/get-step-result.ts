import { z } from 'zod';
import { notFound } from '../../../errors';
import type { StepResult } from '../../../store/models/step-result.model';
import type { Deps, RequestContext } from '../../context';
import { parseInput } from '../../parse-input';
import { requireExecution } from './get-execution';

export const getStepResultInput = z.object({ id: z.string() });

/** One finished step with its output, still encoded. Throws `not_found`. */
export async function getStepResult(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getStepResultInput>,
): Promise<StepResult> {
  const { id } = parseInput(getStepResultInput, raw);
  const found = await deps.store.stepResults.findById(id).lean<StepResult>();
  if (!found) throw notFound('The step result');
  await requireExecution(deps, ctx, found.executionId);
  return found;
}
