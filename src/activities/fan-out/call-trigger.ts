import type { CallKind, PerformOutcome, RunnerLogLine } from '../../components/runner/contract';
import type { PlanFlow } from '../../engine/plan';
import { resolveInputs } from '../../engine/resolve-input';
import { Scope } from '../../engine/scope';
import type { StepError } from '../../engine/walker-host';
import { actionContext } from '../action-context';
import { performCall } from '../perform-call';
import type { SegmentHost } from '../segment-host';

/** As often as a step is tried again that a dying runner took with it. */
const MOST_DEATHS = 3;

/** A trigger's function failed: the run fails with it. */
export class TriggerFailed extends Error {
  constructor(readonly stepError: StepError) {
    super(stepError.message);
  }
}

/** Calls a function of the run's trigger and takes over the states that it leaves; throws {@link TriggerFailed}. */
export async function callTrigger(
  host: SegmentHost,
  { trigger: step, supplementalComponents = [] }: PlanFlow,
  kind: CallKind,
  payload: unknown,
): Promise<unknown> {
  const { deps, environment, execution, log } = host.run;
  const params = resolveInputs(step.inputs, new Scope(environment.configVars));
  const call = { step, position: { path: step.path, loopPath: '' }, inputs: params, failures: 0 };
  for (let attempt = 1; ; attempt += 1) {
    const states = await host.states.of(step);
    const context = actionContext(deps.env, environment, execution, call, { attempt, states });
    const request = { component: step.component, kind, key: step.action, context, params, payload };
    const outcome: PerformOutcome = await performCall(deps, request, {
      owner: execution,
      timeoutMs: deps.env.TENON_STEP_TIMEOUT_SECONDS * 1000,
      onLog: (line: RunnerLogLine) => log(line.severity, line.message, step.name, line.timestamp),
      memoryMb: execution.profile?.allocatedMemoryMb,
      alone: attempt > 1,
      reachable: supplementalComponents,
    });
    if (outcome.ok) {
      const problem = await host.states.change(step, outcome.states);
      if (problem !== undefined) throw new TriggerFailed({ code: 'component_error', message: problem });
      return outcome.result;
    }
    const { code, message } = outcome.error;
    if (code !== 'runner_died' || attempt >= MOST_DEATHS) throw new TriggerFailed({ code, message });
  }
}
