import logComponent from '../builtin/log';
import persistData from '../builtin/persist-data';
import stopExecution from '../builtin/stop-execution';
import webhookTriggers from '../builtin/webhook-triggers';
import type { ComponentPin } from '../manifest';
import { actionContext } from '../runner/action-context';
import { callEntry } from '../runner/call-entry';
import type { PerformOutcome, PerformRequest, RunnerLogLine } from '../runner/contract';
import { describeError } from '../runner/describe-error';
import { cutMessage } from '../runner/format-log';
import type { LoadedComponent } from '../runner/load-bundle';
import { resultRedactor } from '../runner/redact-result';
import { secretRedactor } from '../runner/redact-secrets';
import { returnedStates, unwatchedStatesOf, withoutStates } from '../runner/states';

/**
 * Built-in components whose code is ours, reaches nothing outside, changes nothing that it is given, and takes less
 * time than sending that to another process: one of their own would protect nobody and cost more than they do. State
 * can be large, so that holds for what works on it above all.
 */
const TRUSTED = new Map<string, LoadedComponent>(
  [logComponent, persistData, stopExecution, webhookTriggers].map((component) => [
    component.key,
    component as unknown as LoadedComponent,
  ]),
);

/** Whether calls of the component need no runner process. */
export const isTrusted = ({ isPublic, key }: ComponentPin): boolean => isPublic && TRUSTED.has(key);

/** Runs a call of a trusted component in this process; the same outcomes as in a runner. */
export async function performTrusted(
  request: PerformRequest,
  onLog: (line: RunnerLogLine) => void,
): Promise<PerformOutcome> {
  const { component, context, params } = request;
  const redact = secretRedactor(params, context);
  const states = unwatchedStatesOf(context);
  const call = {
    id: 0,
    request,
    redact,
    log: (severity: RunnerLogLine['severity'], message: string) =>
      onLog({ timestamp: new Date(), severity, message: cutMessage(redact(message)) }),
    settle: () => false,
  };
  try {
    const loaded = TRUSTED.get(component.key);
    if (loaded === undefined) throw new Error(`Component "${component.key}" does not run here.`);
    const redacted = resultRedactor(request, redact);
    const result = await callEntry(loaded, request, actionContext(request, states, call));
    return {
      ok: true,
      result: redacted(withoutStates(result)),
      states: returnedStates(states, result),
    };
  } catch (error) {
    return { ok: false, error: describeError(error, redact) };
  }
}
