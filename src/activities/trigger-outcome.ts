import type { FinishedStep } from '../engine/walker-host';
import { storeAnswer } from '../services/executions/run/store-end';
import { answerOfResponse } from './flow-answer';
import { pushLeft } from './push-left';
import type { SegmentRun } from './segment-run';
import { branchOf } from './step-outcome';

/** What a trigger leaves of what it returned; one that returned nothing hands its payload on. */
export async function finishedTrigger(
  run: SegmentRun,
  returned: unknown,
  payload: unknown,
): Promise<FinishedStep> {
  const result = (returned ?? { payload }) as Record<string, unknown>;
  await answerFromTrigger(run, result['response']);
  const polledNoChanges = result['polledNoChanges'] === true || result['resultType'] === 'polled_no_changes';
  const value = { data: result['payload'], ...(polledNoChanges && { polledNoChanges }) };
  return { value, branch: branchOf(result), error: null };
}

/** In the test of a polling trigger, the given result stands for what a poll would have found. */
export async function simulatedTrigger(run: SegmentRun): Promise<FinishedStep> {
  const given = JSON.parse(run.execution.simulatedTriggerResult ?? 'null') as unknown;
  return finishedTrigger(run, given, undefined);
}

/** The asynchronous caller's answer goes out before the body runs. */
async function answerFromTrigger(run: SegmentRun, response: unknown): Promise<void> {
  const { execution, deps } = run;
  if (execution.isSynchronous || !execution.isAwaited) return;
  const { plan } = run.environment;
  const step = plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey)?.trigger;
  const answer = answerOfResponse(response, (message) => run.log('WARN', message, step?.name));
  await storeAnswer(deps, execution, answer);
  pushLeft(deps, execution, { answer, goesOn: true });
}
