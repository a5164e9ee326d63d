import { flowIndex } from '../../../engine/flow-index';
import { RecordedPast } from '../../../engine/recorded-past';
import { resultsOf } from '../../../engine/scope';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { journalEnd } from '../../journal/read-journal';
import { loadPlan } from '../../plans/load-plan';

/**
 * What a reference to a step finds at the end of an execution; undefined for a step that did not run, or not in the
 * last iteration of the loop around it. It costs a few reads by index, however many steps have run.
 */
export async function readLastResult(
  deps: Pick<Deps, 'store'>,
  executionId: string,
  stepKey: string,
): Promise<unknown> {
  const execution = await deps.store.executions
    .findById(executionId, { planId: 1, flowStableKey: 1 })
    .lean<Pick<Execution, 'planId' | 'flowStableKey'>>();
  if (!execution) return undefined;
  const [plan, journal] = await Promise.all([
    loadPlan(deps, execution.planId),
    journalEnd(deps.store, executionId),
  ]);
  const flow = plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  if (!flow) return undefined;
  const past = new RecordedPast(flowIndex(flow), journal, journal.last);
  const found = await past.find(new Map([[stepKey, undefined]]));
  const record = found.get(stepKey);
  return record && resultsOf(await record.value());
}
