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
import { type LoadedState, loadStates } from '../../services/state/load-states';
import { mergeStates, type StateChange } from '../../services/state/merge-states';
import type { PersistentLevel } from '../../services/state/persistent-levels';
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
 * single flows it tries a little more, and goes on with the others. The states that a function leaves are written at
 * once: what it set up elsewhere is there, whatever becomes of the others.
 */
export async function callFunctions(
  deps: RunDeps,
  input: LifecycleInput,
  attempt: number,
): Promise<LifecycleResult> {
  const subject = await lifecycleSubject(deps, input);
  const log = lifecycleLog(deps, subject, input.event);
  const failures: { stableKey: string; message: string }[] = [];
  const begun = new Set<string>();
  try {
    for (const call of lifecycleCalls(subject.environment.plan, input.event, input.onlyFlows)) {
      const { stableKey, name } = call.flow;
      begun.add(stableKey);
      const once = () => perform(deps, subject, call, log);
      const outcome = input.onlyFlows ? await fewTimes(once) : await once();
      if (outcome.ok) continue;
      const message = `${call.called} of the trigger of flow "${name}" failed: ${outcome.error.message}`;
      log(call.flow, 'ERROR', message);
      // An attempt whose worker died may have got further than this one.
      if (!input.onlyFlows) return { isDone: false, message, ...(attempt === 1 && { begun: [...begun] }) };
      failures.push({ stableKey, message });
    }
  } finally {
    await deps.logs.flush().catch(() => undefined);
  }
  const [first] = failures;
  if (!first) return { isDone: true };
  const failed = [...new Set(failures.map(({ stableKey }) => stableKey))];
  return { isDone: false, message: first.message, failed };
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

/** With the states as they stand now: flows that run meanwhile write them too. */
async function perform(
  deps: RunDeps,
  subject: LifecycleSubject,
  { flow, called }: LifecycleCall,
  log: ReturnType<typeof lifecycleLog>,
): Promise<PerformOutcome> {
  const { trigger } = flow;
  const { environment, owner, profile } = subject;
  const loaded = await loadStates(deps, { ...owner, flowConfigId: '' }, LEVELS);
  const states = Object.fromEntries([...loaded].map(([level, { value }]) => [level, value]));
  const request: PerformRequest = {
    component: trigger.component,
    kind: called,
    key: trigger.action,
    context: { ...lifecycleContext(deps.env, subject, flow, called), ...states },
    params: resolveInputs(trigger.inputs, new Scope(environment.configVars)),
  };
  const outcome = await performCall(deps, request, {
    owner: subject,
    timeoutMs: FUNCTION_LIMIT_MS,
    memoryMb: profile.allocatedMemoryMb,
    reachable: flow.supplementalComponents ?? [],
    onLog: ({ severity, message, timestamp }) => {
      if (!profile.logsDisabled) log(flow, severity, message, timestamp);
    },
  });
  if (outcome.ok) await writeChanged(deps, subject, loaded, outcome.states);
  return outcome;
}

async function writeChanged(
  deps: RunDeps,
  { owner, configRevisionId }: LifecycleSubject,
  loaded: ReadonlyMap<PersistentLevel, LoadedState>,
  states: Partial<RunStates>,
): Promise<void> {
  const changes = new Map<PersistentLevel, StateChange>();
  for (const level of LEVELS) {
    const after = states[level];
    if (after !== undefined) changes.set(level, { before: loaded.get(level)?.value ?? {}, after });
  }
  await mergeStates(deps, { ...owner, flowConfigId: '' }, changes, configRevisionId);
}
