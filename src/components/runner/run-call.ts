import { actionContext } from './action-context';
import { callEntry } from './call-entry';
import { type CallScope, runInCall } from './call-scope';
import type { FromRunner, PerformOutcome, PerformRequest, Severity } from './contract';
import { describeError } from './describe-error';
import { runsForeignCode } from './foreign-code';
import { forgottenAwait } from './forgotten-await';
import { cutMessage } from './format-log';
import { areIntrinsicsIntact, restoreIntrinsics } from './intrinsics';
import { lineNotes } from './line-notes';
import { AltersBuiltinsError, loadComponent } from './load-component';
import { nestedCalls } from './nested-calls';
import { openTunnelPorts } from './network/tunnel-ports';
import type { Outbox } from './outbox';
import { resultRedactor } from './redact-result';
import { secretRedactor } from './redact-secrets';
import { refusalIn } from './refusal';
import { assertBounded, OF_STATES, toSendable } from './sendable';
import { noteStart } from './start-log';
import { mergeStates, statesOf, withoutStates } from './states';
import { endTemp } from './temp-of-call';

/** Lines of one call that are passed on; the rest is counted. */
const MOST_LINES = 10_000;

/**
 * Runs one call and sends what becomes of it: log lines, `done`. `ownsProcess`: nothing but calls of the same bundle
 * runs here.
 */
export async function runCall(
  id: number,
  request: PerformRequest,
  outbox: Outbox<FromRunner>,
  { ownsProcess }: { ownsProcess: boolean },
): Promise<void> {
  const redact = secretRedactor(request.params, request.context);
  const isForeign = runsForeignCode(request);
  const lines = logLines(id, redact, outbox, isForeign);
  let isSettled = false;
  let isSpoiled = false;
  /** Right behind foreign code, before our own does anything: it relies on them. */
  const repairBuiltins = (): void => {
    if (!isForeign || areIntrinsicsIntact()) return;
    restoreIntrinsics();
    isSpoiled = true;
  };
  const settle = (outcome: PerformOutcome): boolean => {
    if (isSettled) return false;
    isSettled = true;
    repairBuiltins();
    lines.close();
    sendOutcome(id, outcome, redact, outbox);
    endTemp(call);
    if (isSpoiled) outbox.add({ type: 'spoiled', reason: 'a built-in object was changed' });
    return true;
  };
  /** Nothing of the call was run: it can begin anew in a process of its own. */
  const move = (): void => {
    isSettled = true;
    repairBuiltins();
    outbox.add({ type: 'moved', id });
    outbox.add({ type: 'spoiled', reason: 'a bundle changes built-in objects' });
  };
  const call: CallScope = { id, request, redact, log: lines.log, settle };
  if (!noteStart(id)) {
    outbox.add({ type: 'withdrawn', id });
    return;
  }
  await runInCall(call, async () => {
    try {
      settle(await perform(request, call, repairBuiltins, ownsProcess));
    } catch (error) {
      if (error instanceof AltersBuiltinsError) move();
      else settle({ ok: false, error: { ...describeError(error, redact), ...refusalIn(error, request) } });
    }
  });
}

async function perform(
  request: PerformRequest,
  call: CallScope,
  afterCode: () => void,
  ownsProcess: boolean,
): Promise<PerformOutcome> {
  const states = statesOf(request.context);
  const context = actionContext(request, states, call, nestedCalls(request.reachable ?? [], states));
  const { tunnelPorts } = request;
  const closeTunnels = tunnelPorts && openTunnelPorts(call.id, tunnelPorts);
  const redacted = resultRedactor(request, call.redact);
  let result: unknown;
  try {
    const forBuiltins = ownsProcess ? 'keep' : 'refuse';
    const component = loadComponent(request.component, request.bundlePath, forBuiltins);
    result = await callEntry(component, request, context);
  } finally {
    afterCode();
    closeTunnels?.();
  }
  const forgotten = forgottenAwait(result);
  if (forgotten !== undefined) call.log('WARN', forgotten);
  return {
    ok: true,
    result: redacted(withoutStates(result)),
    states: mergeStates(states, result),
  };
}

function sendOutcome(
  id: number,
  outcome: PerformOutcome,
  redact: (text: string) => string,
  outbox: Outbox<FromRunner>,
): void {
  // Functions, sockets and the like cannot be sent, maps and sets not be stored: what becomes of them is the result.
  const repair = (): FromRunner => ({ type: 'done', id, outcome: sendableOutcome(outcome, redact) });
  try {
    const isPlain =
      !outcome.ok || [assertBounded(outcome.result), assertBounded(outcome.states, OF_STATES)].every(Boolean);
    if (isPlain) outbox.add({ type: 'done', id, outcome }, repair);
    else outbox.add(repair());
  } catch {
    outbox.add(repair());
  }
}

function sendableOutcome(outcome: PerformOutcome, redact: (text: string) => string): PerformOutcome {
  try {
    if (!outcome.ok) return toSendable(outcome) as PerformOutcome;
    const states = toSendable(outcome.states, OF_STATES) as typeof outcome.states;
    return { ok: true, result: toSendable(outcome.result), states };
  } catch (error) {
    return { ok: false, error: describeError(error, redact) };
  }
}

function logLines(
  id: number,
  redact: (text: string) => string,
  outbox: Outbox<FromRunner>,
  isForeign: boolean,
) {
  let count = 0;
  const sendLine = (severity: Severity, message: string): void => {
    const line = { timestamp: new Date(), severity, message: cutMessage(message) };
    // Foreign code may never let go, or end the process, before the outbox is sent.
    outbox.add({ type: 'log', id, number: isForeign ? lineNotes.add(id, line) : undefined, line });
    if (lineNotes.isFull) outbox.flush();
  };
  return {
    log(severity: Severity, message: string): void {
      count += 1;
      if (count > MOST_LINES) return;
      sendLine(severity, redact(message));
    },
    close(): void {
      const dropped = count - MOST_LINES;
      if (dropped > 0) sendLine('WARN', `${dropped} further log lines of this step were dropped.`);
    },
  };
}
