import { z } from 'zod';
import { notFound } from '../../../errors';
import type { StepResult } from '../../../store/models/step-result.model';
import type { Deps, RequestContext } from '../../context';
import { parseInput } from '../../parse-input';
import { requireExecution } from './get-execution';
import { withoutOutput } from './without-output';

export const getStepResultInput = z.object({ id: z.string() });

/** One finished step with its output, still encoded, if its run keeps outputs. Throws `not_found`. */
export async function getStepResult(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getStepResultInput>,
): Promise<StepResult> {
  const { id } = parseInput(getStepResultInput, raw);
  const found = await deps.store.stepResults.findById(id).lean<StepResult>();
  if (!found) throw notFound('The step result');
  const { profile } = await requireExecution(deps, ctx, found.executionId);
  return profile?.stepResultsDisabled ? withoutOutput(found) : found;
}
