import type { PerformOutcome, PerformRequest, RunnerLogLine } from '../components/runner/contract';
import { isTrusted, performTrusted } from '../components/trusted/perform-trusted';
import type { FinishedStep, StepCall } from '../engine/walker-host';
import { storeAnswer } from '../services/executions/run/end-execution';
import { actionContext } from './action-context';
import { answerOfResponse } from './flow-answer';
import { pushLeft } from './push-left';
import type { SegmentRun } from './segment-run';
import { triggerPayload } from './trigger-payload';

/** A runner that died under a step that may be innocent: tried again this often, then it is the step's error. */
const MAX_RUNNER_DEATHS = 3;

export interface ActionOutcome {
  finished: FinishedStep;
  /** Set when the action changed it. */
  executionState: Record<string, unknown> | undefined;
}

/** Calls a component's action, or the flow's trigger, in a runner process. */
export async function callAction(
  run: SegmentRun,
  call: StepCall,
  tries: { attempt: number; executionState: Record<string, unknown> },
): Promise<ActionOutcome> {
  for (let death = 0; ; death += 1) {
    const outcome = await perform(run, call, { ...tries, attempt: tries.attempt + death }, death > 0);
    if (outcome.ok) return succeeded(run, call, outcome, tries.executionState);
    const { code, message } = outcome.error;
    if (code === 'runner_died' && death + 1 < MAX_RUNNER_DEATHS) continue;
    return { finished: { value: {}, branch: null, error: { code, message } }, executionState: undefined };
  }
}

async function perform(
  run: SegmentRun,
  call: StepCall,
  tries: { attempt: number; executionState: Record<string, unknown> },
  alone: boolean,
): Promise<PerformOutcome> {
  const { deps, execution, environment } = run;
  const { step } = call;
  const isTrigger = isTriggerStep(run, call);
  const memoryMb = deps.env.TENON_RUNNER_MEMORY_MB;
  const request: PerformRequest = {
    component: step.component,
    kind: isTrigger ? 'trigger' : 'action',
    key: step.action,
    context: actionContext(environment, execution, call, { ...tries, memoryMb }),
    params: call.inputs,
    ...(call.stepResults && { stepResults: call.stepResults as Record<string, unknown> }),
    ...(isTrigger && { payload: await triggerPayload(deps, execution, environment) }),
  };
  const onLog = (line: RunnerLogLine) => run.log(line.severity, line.message, step.name, line.timestamp);
  if (isTrusted(step.component)) return performTrusted(request, onLog);
  return deps.runners.perform(request, {
    timeoutMs: deps.env.TENON_STEP_TIMEOUT_SECONDS * 1000,
    // Not the activity's: a call that has begun is better ended than begun again.
    signal: deps.givingUp,
    // After a shared death it is tried by itself, so that its neighbours cannot take it down, nor it them.
    alone,
    onLog,
    ...(deps.env.TENON_RUNNER_ISOLATION === 'customer' && { pool: execution.customerId ?? '' }),
  });
}

const isTriggerStep = (run: SegmentRun, { step }: StepCall): boolean =>
  run.environment.plan.flows.some(({ trigger }) => trigger === step);

async function succeeded(
  run: SegmentRun,
  call: StepCall,
  outcome: Extract<PerformOutcome, { ok: true }>,
  before: Record<string, unknown>,
): Promise<ActionOutcome> {
  const result = (outcome.result ?? {}) as Record<string, unknown>;
  const after = outcome.states.executionState;
  const executionState = Object.keys(after).length > 0 || Object.keys(before).length > 0 ? after : undefined;
  const branch = typeof result['branch'] === 'string' ? result['branch'] : null;
  if (isTriggerStep(run, call)) {
    await answerFromTrigger(run, result['response']);
    return { finished: { value: { data: result['payload'] }, branch, error: null }, executionState };
  }
  const value = {
    data: result['data'],
    ...(typeof result['contentType'] === 'string' && { contentType: result['contentType'] }),
    ...(typeof result['statusCode'] === 'number' && { statusCode: result['statusCode'] }),
    ...(isTextMap(result['headers']) && { headers: result['headers'] }),
  };
  return { finished: { value, branch, error: null }, executionState };
}

/** The asynchronous caller's answer goes out before the body runs. */
async function answerFromTrigger(run: SegmentRun, response: unknown): Promise<void> {
  const { execution, deps } = run;
  if (execution.isSynchronous || !execution.isAwaited) return;
  const answer = answerOfResponse(response);
  await storeAnswer(deps, execution, answer);
  pushLeft(deps, execution, { answer, goesOn: true });
}

function isTextMap(value: unknown): value is Record<string, string> {
  return (
    value !== null &&
    typeof value === 'object' &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
