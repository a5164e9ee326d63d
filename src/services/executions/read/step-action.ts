import { flowIndex } from '../../../engine/flow-index';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';

/**
 * The action that a step of an execution ran, as components see it in their context: `component.action`. Undefined
 * for a path that the execution's plan does not have.
 */
export async function stepAction(
  deps: Pick<Deps, 'store'>,
  { planId, flowStableKey }: Pick<Execution, 'planId' | 'flowStableKey'>,
  path: string,
): Promise<string | undefined> {
  const plan = await loadPlan(deps, planId);
  const flow = plan.flows.find(({ stableKey }) => stableKey === flowStableKey);
  const step = flow && flowIndex(flow).stepAt(path);
  return step && `${step.component.key}.${step.action}`;
}
