import { setTimeout as sleep } from 'node:timers/promises';
import type { PerformOutcome, PerformRequest, RunStates } from '../../components/runner/contract';
import { resolveInputs } from '../../engine/resolve-input';
import { Scope } from '../../engine/scope';
import {
  FUNCTION_LIMIT_MS,
  type LifecycleCall,
  lifecycleCalls,
  RETRY_WITHIN_MS,
  TRIES,
} from '../../services/instances/lifecycle/lifecycle-calls';
import { loadStates } from '../../services/state/load-states';
import type { PersistentLevel } from '../../services/state/persistent-levels';
import { sealState } from '../../services/state/sealed-state';
import { writeStates } from '../../services/state/write-states';
import type { LifecycleInput, LifecycleResult } from '../../temporal/contract';
import { performCall } from '../perform-call';
import type { RunDeps } from '../run-deps';
import { lifecycleContext } from './lifecycle-context';
import { lifecycleLog } from './lifecycle-log';
import { type LifecycleSubject, lifecycleSubject } from './lifecycle-subject';

/** The levels that these functions get: what is a single flow's does not exist yet, or no longer. */
const LEVELS = ['crossFlowState', 'integrationState'] as const satisfies PersistentLevel[];

/**
 * Calls the lifecycle functions of a revision's triggers one after the other, and stops at the first that fails; for
 * flows that were dropped it tries a little more, and goes on with the others. The states that they leave are written
 * at the end.
 */
export async function callFunctions(deps: RunDeps, input: LifecycleInput): Promise<LifecycleResult> {
  const subject = await lifecycleSubject(deps, input);
  const loaded = await loadStates(deps, { ...subject.owner, flowConfigId: '' }, LEVELS);
  const states: Partial<RunStates> = {};
  for (const [level, { value }] of loaded) states[level] = value;
  const changed = new Set<PersistentLevel>();
  const log = lifecycleLog(deps, subject, input.event);
  try {
    const failures: { stableKey: string; message: string }[] = [];
    for (const call of lifecycleCalls(subject.environment.plan, input.event, input.dropped)) {
      const once = () => perform(deps, subject, call, states, log);
      const outcome = input.dropped ? await fewTimes(once) : await once();
      if (!outcome.ok) {
        const message = `${call.called} of the trigger of flow "${call.flow.name}" failed: ${outcome.error.message}`;
        log(call.flow, 'ERROR', message);
        if (!input.dropped) return { isDone: false, message };
        failures.push({ stableKey: call.flow.stableKey, message });
        continue;
      }
      for (const level of LEVELS) {
        const after = outcome.states[level];
        if (after === undefined) continue;
        states[level] = after;
        changed.add(level);
      }
    }
    await writeChanged(deps, subject, states, changed);
    const [first] = failures;
    if (!first) return { isDone: true };
    const failed = [...new Set(failures.map(({ stableKey }) => stableKey))];
    return { isDone: false, message: first.message, failed };
  } finally {
    await deps.logs.flush().catch(() => undefined);
  }
}

/** One that takes long has hung, and would again. */
async function fewTimes(once: () => Promise<PerformOutcome>): Promise<PerformOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    const begun = performance.now();
    const outcome = await once();
    if (outcome.ok || attempt === TRIES || performance.now() - begun > RETRY_WITHIN_MS) return outcome;
    await sleep(attempt * 1000);
  }
}

function perform(
  deps: RunDeps,
  subject: LifecycleSubject,
  { flow, called }: LifecycleCall,
  states: Partial<RunStates>,
  log: ReturnType<typeof lifecycleLog>,
) {
  const { trigger } = flow;
  const { environment, customerId, profile } = subject;
  const request: PerformRequest = {
    component: trigger.component,
    kind: called,
    key: trigger.action,
    context: { ...lifecycleContext(deps.env, subject, flow, called), ...states },
    params: resolveInputs(trigger.inputs, new Scope(environment.configVars)),
  };
  return performCall(deps, request, {
    customerId,
    timeoutMs: FUNCTION_LIMIT_MS,
    memoryMb: profile.allocatedMemoryMb,
    reachable: flow.supplementalComponents ?? [],
    onLog: ({ severity, message, timestamp }) => {
      if (!profile.logsDisabled) log(flow, severity, message, timestamp);
    },
  });
}

async function writeChanged(
  deps: RunDeps,
  { owner, configRevisionId }: LifecycleSubject,
  states: Partial<RunStates>,
  changed: ReadonlySet<PersistentLevel>,
): Promise<void> {
  const written = new Map<PersistentLevel, Buffer | null>();
  for (const level of changed) {
    const value = states[level] ?? {};
    written.set(level, Object.keys(value).length > 0 ? sealState(deps, value) : null);
  }
  await writeStates(deps, { ...owner, flowConfigId: '' }, written, configRevisionId);
}
