import { failedTryLine, retryDelayMs } from './error-policy';
import { toNumber } from './numbers';
import type { PlanStep } from './plan';
import { resolveInputs } from './resolve-input';
import type { StepView, Values } from './scope';
import type { ArmedWait, FinishedStep, Position, Suspension, WalkerHost } from './walker-host';

/** Waits up to this stay in the segment; longer ones are durable. */
export const SHORT_WAIT_MS = 2000;

/** Ends a walk that something else must go on with. */
export class Suspended {
  constructor(readonly suspension: Suspension) {}
}

/** A step that is to run, and what it sees. */
export interface DueStep {
  step: PlanStep;
  position: Position;
  values: Values;
  stepResults?: Record<string, StepView>;
}

/** A step that ran to its end in this walk. */
export interface RunStep {
  finished: FinishedStep;
  /** Size of its value as stored. */
  bytes: number;
}

/**
 * Runs a step's action, with the tries and waits that its error policy grants, and journals what it left. Throws
 * {@link Suspended} where the walk cannot go on in this segment.
 */
export async function runStep(host: WalkerHost, due: DueStep): Promise<RunStep> {
  const { step, position, values, stepResults } = due;
  const armed = host.armedWait(position.path);
  if (armed && host.nowMs() < armed.untilMs) throw waitAt(due, armed);
  const inputs = resolveInputs(step.inputs, values);
  const sleepMs = durableSleepMs(step, inputs);
  // A sleep that is over calls nothing any more, so it passes no checkpoint.
  if (sleepMs !== undefined && armed) return recordStep(host, due, SLEPT, nowOf(host));
  let tried: Tried = armed ?? { failures: 0 };
  for (let isRetry = false; ; isRetry = true) {
    checkpoint(host, due, isRetry ? tried : undefined);
    if (sleepMs !== undefined && sleepMs > MAX_SLEEP_MS) return recordStep(host, due, TOO_LONG, nowOf(host));
    if (sleepMs !== undefined) suspendFor(host, due, sleepMs, tried);
    const startedAt = nowOf(host);
    const finished = await host.perform({
      step,
      position,
      inputs,
      failures: tried.failures,
      ...(stepResults && { stepResults }),
    });
    if (!finished.error) return recordStep(host, due, finished, startedAt);
    tried = { failures: tried.failures + 1, code: finished.error.code };
    const delayMs = retryDelayMs(step.onError, tried.failures, finished.error);
    if (delayMs === undefined) return recordStep(host, due, finished, startedAt);
    host.warn(step, failedTryLine(step.onError, tried.failures, delayMs, finished.error));
    if (delayMs > SHORT_WAIT_MS) suspendFor(host, due, delayMs, tried);
    await host.delay(delayMs);
  }
}

/** Journals what a step left. */
export async function recordStep(
  host: WalkerHost,
  { step, position }: Pick<DueStep, 'step' | 'position'>,
  finished: FinishedStep,
  startedAt: Date,
): Promise<RunStep> {
  return { finished, bytes: await host.record(step, position, finished, startedAt) };
}

export const nowOf = (host: WalkerHost): Date => new Date(host.nowMs());

/** The tries of one step that have failed. */
type Tried = Pick<ArmedWait, 'failures' | 'code'>;

/** `tried` is given between the tries of one step. */
function checkpoint(host: WalkerHost, due: DueStep, tried?: Tried): void {
  const suspension = host.checkpoint(due.step);
  if (!suspension) return;
  if (tried === undefined) throw new Suspended(suspension);
  // A further try belongs to the activity of the first. Any other end must not forget the failed tries.
  if (suspension.kind === 'cancelled') throw new Suspended(suspension);
  if (suspension.kind !== 'action') suspendFor(host, due, 0, tried);
}

function suspendFor(host: WalkerHost, due: DueStep, ms: number, { failures, code }: Tried): never {
  const { path } = due.position;
  const untilMs = host.nowMs() + ms;
  throw waitAt(due, { path, untilMs, failures, ...(code !== undefined && { code }) });
}

const waitAt = ({ step, position }: DueStep, wait: ArmedWait): Suspended =>
  new Suspended({ kind: 'wait', wait, step, position });

/** No timer runs longer: a larger number is a mistake in the flow. */
const MAX_SLEEP_MS = 366 * 24 * 60 * 60 * 1000;

const TOO_LONG: FinishedStep = {
  value: {},
  branch: null,
  error: {
    code: 'component_error',
    message: 'The sleep is longer than a year; input ms counts milliseconds.',
  },
};

const SLEPT: FinishedStep = { value: { data: null }, branch: null, error: null };

/** Milliseconds of a sleep step that is too long to hold a worker. */
function durableSleepMs(step: PlanStep, inputs: Record<string, unknown>): number | undefined {
  if (step.component.key !== 'sleep' || step.action !== 'sleep') return undefined;
  const ms = toNumber(inputs['ms']);
  return ms !== undefined && Number.isFinite(ms) && ms > SHORT_WAIT_MS ? ms : undefined;
}
