import { isAppError } from '../../../errors';
import type { Deps, RequestContext } from '../../context';
import { type ExecutionHead, requireExecution } from './get-execution';

/** Whose steps a list shows. */
export interface StepSource {
  executionId: string;
  /** They are of the flow that decided where the delivery goes. */
  fromPreprocessFlow: boolean;
  /** Its outputs are not to be shown. */
  isWithoutOutputs: boolean;
}

/**
 * Finds whose steps are meant: an execution's own, or, when asked for, those of the run of the preprocess flow that
 * sent the delivery to it. Null when there are none, or none that the actor may know of: one of an address that
 * customers share belongs to none of them. Throws `not_found` for an unknown execution.
 */
export async function stepSource(
  deps: Deps,
  ctx: RequestContext,
  executionId: string,
  wanted: boolean | null | undefined,
): Promise<StepSource | null> {
  const head = await requireExecution(deps, ctx, executionId);
  const isPreprocess = head.isPreprocess ?? false;
  if (wanted == null || wanted === isPreprocess)
    return { executionId, fromPreprocessFlow: isPreprocess, isWithoutOutputs: isWithoutOutputs(head) };
  return wanted ? preprocessOf(deps, ctx, head) : null;
}

const isWithoutOutputs = ({ profile }: ExecutionHead): boolean => profile?.stepResultsDisabled ?? false;

async function preprocessOf(
  deps: Deps,
  ctx: RequestContext,
  { preprocessExecutionId: id }: ExecutionHead,
): Promise<StepSource | null> {
  if (id === undefined) return null;
  try {
    const head = await requireExecution(deps, ctx, id);
    return { executionId: id, fromPreprocessFlow: true, isWithoutOutputs: isWithoutOutputs(head) };
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return null;
    throw error;
  }
}
