import { flowIndex } from '../../../engine/flow-index';
import type { PlanFlow } from '../../../engine/plan';
import type { Deps } from '../../context';
import { journalEnd } from '../../journal/read-journal';

/** The key of the step that ended a finished run before its flow's end, if one did; it costs nothing where none can. */
export async function stoppingStep(
  deps: Pick<Deps, 'store'>,
  flow: PlanFlow,
  executionId: string,
): Promise<string | undefined> {
  const index = flowIndex(flow);
  if (!index.places.some(({ step }) => step.terminates)) return undefined;
  const { last } = await journalEnd(deps.store, executionId);
  if (!last || last.error) return undefined;
  const step = index.stepAt(last.path);
  return step?.terminates ? step.key : undefined;
}
