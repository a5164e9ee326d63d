import type { CallKind, PerformOutcome, PerformRequest, RunnerLogLine } from '../components/runner/contract';
import type { PlanFlow } from '../engine/plan';
import type { FinishedStep, StepCall } from '../engine/walker-host';
import type { Execution } from '../store/models/execution.model';
import { actionContext } from './action-context';
import { performCall } from './perform-call';
import type { RunStates } from './run-states';
import type { SegmentRun } from './segment-run';
import { failedStep, finishedStep } from './step-outcome';
import { finishedTrigger, simulatedTrigger } from './trigger-outcome';
import { triggerPayload } from './trigger-payload';

/** A runner that died under a step that may be innocent: tried again this often, then it is the step's error. */
const MAX_RUNNER_DEATHS = 3;

/** A run that is cancelled ends between its steps; this one in a step that did not let it. */
const CANCELLED = {
  code: 'cancelled',
  message: 'The execution was cancelled, and the process of this step ended without an answer.',
};

interface Tries {
  attempt: number;
  states: RunStates;
}

/** Calls a component's action, or the flow's trigger, in a runner process, and takes over the states it leaves. */
export async function callAction(run: SegmentRun, call: StepCall, tries: Tries): Promise<FinishedStep> {
  const flow = flowOf(run);
  const isTrigger = flow.trigger === call.step;
  if (isTrigger && run.execution.simulatedTriggerResult) return simulatedTrigger(run);
  for (let death = 0; ; death += 1) {
    const request = await requestOf(run, call, { ...tries, attempt: tries.attempt + death }, isTrigger);
    const outcome = await perform(run, call, request, death > 0);
    if (!outcome.ok) {
      if (outcome.error.code !== 'runner_died') return failedStep(outcome.error);
      if (run.limits.lease.isCancelled) return failedStep(CANCELLED);
      if (death + 1 === MAX_RUNNER_DEATHS) return failedStep(outcome.error);
      continue;
    }
    const problem = await tries.states.change(call.step, outcome.states);
    if (problem !== undefined) return failedStep({ code: 'component_error', message: problem });
    if (isTrigger) return finishedTrigger(run, outcome.result, request.payload);
    return finishedStep(outcome.result, run.execution.isSynchronous ? warnerOf(run, call) : undefined);
  }
}

const warnerOf =
  (run: SegmentRun, { step }: StepCall) =>
  (message: string) =>
    run.log('WARN', message, step.name);

function perform(
  run: SegmentRun,
  { step }: StepCall,
  request: PerformRequest,
  isAgain: boolean,
): Promise<PerformOutcome> {
  const { deps, execution, limits } = run;
  return performCall(deps, request, {
    owner: execution,
    memoryMb: execution.profile?.allocatedMemoryMb,
    timeoutMs: deps.env.TENON_STEP_TIMEOUT_SECONDS * 1000,
    onLog: (line: RunnerLogLine) => run.log(line.severity, line.message, step.name, line.timestamp),
    // After a shared death it is tried by itself, so that its neighbours cannot take it down, nor it them.
    alone: isAgain,
    isGivenUp: () => limits.lease.isCancelled === true,
    reachable: flowOf(run).supplementalComponents ?? [],
  });
}

async function requestOf(
  run: SegmentRun,
  call: StepCall,
  { attempt, states }: Tries,
  isTrigger: boolean,
): Promise<PerformRequest> {
  const { deps, execution, environment } = run;
  const { step } = call;
  const context = actionContext(deps.env, environment, execution, call, {
    attempt,
    states: await states.of(step),
  });
  const request: PerformRequest = {
    component: step.component,
    kind: isTrigger ? triggerKind(flowOf(run), execution) : 'action',
    key: step.action,
    context,
    params: call.inputs,
  };
  if (call.stepResults) request.stepResults = call.stepResults as Record<string, unknown>;
  if (isTrigger) request.payload = await triggerPayload(deps, execution, environment);
  return request;
}

function flowOf({ environment: { plan }, execution }: SegmentRun): PlanFlow {
  const flow = plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  if (!flow) throw new Error(`Plan ${execution.planId} has no flow ${execution.flowStableKey}.`);
  return flow;
}

/** The first sync of a batched trigger may be a function of its own. */
function triggerKind({ batch, triggerTraits }: PlanFlow, { invokeType }: Execution): CallKind {
  const isFirstSync = invokeType === 'DEPLOY_FLOW' && batch?.runInitialSyncOnDeploy === true;
  return isFirstSync && triggerTraits?.hasOnDeployPerform ? 'onDeployPerform' : 'trigger';
}
