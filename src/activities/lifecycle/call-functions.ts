import type { PerformRequest, RunStates } from '../../components/runner/contract';
import { resolveInputs } from '../../engine/resolve-input';
import { Scope } from '../../engine/scope';
import {
  FUNCTION_LIMIT_MS,
  type LifecycleCall,
  lifecycleCalls,
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
 * Calls the lifecycle functions of a revision's triggers one after the other, and stops at the first that fails.
 * The states that they leave are written when all have gone well.
 */
export async function callFunctions(deps: RunDeps, input: LifecycleInput): Promise<LifecycleResult> {
  const subject = await lifecycleSubject(deps, input);
  const loaded = await loadStates(deps, { ...subject.owner, flowConfigId: '' }, LEVELS);
  const states: Partial<RunStates> = {};
  for (const [level, { value }] of loaded) states[level] = value;
  const changed = new Set<PersistentLevel>();
  const log = lifecycleLog(deps, subject, input.event);
  try {
    for (const call of lifecycleCalls(subject.environment.plan, input.event)) {
      const outcome = await perform(deps, subject, call, states, log);
      if (!outcome.ok) {
        const message = `${call.called} of the trigger of flow "${call.flow.name}" failed: ${outcome.error.message}`;
        log(call.flow, 'ERROR', message);
        return { isDone: false, message };
      }
      for (const level of LEVELS) {
        const after = outcome.states[level];
        if (after === undefined) continue;
        states[level] = after;
        changed.add(level);
      }
    }
    await writeChanged(deps, subject, states, changed);
    return { isDone: true };
  } finally {
    await deps.logs.flush().catch(() => undefined);
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
  const { environment, customerId } = subject;
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
    reachable: flow.supplementalComponents ?? [],
    onLog: ({ severity, message, timestamp }) => log(flow, severity, message, timestamp),
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
