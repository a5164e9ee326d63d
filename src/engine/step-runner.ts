import { retryDelayMs } from './error-policy';
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
  if (armed && host.nowMs() < armed.untilMs) throw new Suspended({ kind: 'wait', wait: armed });
  const inputs = resolveInputs(step.inputs, values);
  const sleepMs = durableSleepMs(step, inputs);
  // A sleep that is over calls nothing any more, so it passes no checkpoint.
  if (sleepMs !== undefined && armed) return recordStep(host, due, SLEPT, nowOf(host));
  let failures = armed?.failures ?? 0;
  for (let isRetry = false; ; isRetry = true) {
    checkpoint(host, due, isRetry ? failures : undefined);
    if (sleepMs !== undefined && sleepMs > MAX_SLEEP_MS) return recordStep(host, due, TOO_LONG, nowOf(host));
    if (sleepMs !== undefined) suspendFor(host, position, sleepMs, 0);
    const startedAt = nowOf(host);
    const finished = await host.perform({
      step,
      position,
      inputs,
      failures,
      ...(stepResults && { stepResults }),
    });
    if (!finished.error) return recordStep(host, due, finished, startedAt);
    failures += 1;
    const delayMs = retryDelayMs(step.onError, failures, finished.error);
    if (delayMs === undefined) return recordStep(host, due, finished, startedAt);
    if (delayMs > SHORT_WAIT_MS) suspendFor(host, position, delayMs, failures);
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

/** `failures` is given between the tries of one step. */
function checkpoint(host: WalkerHost, { step, position }: DueStep, failures?: number): void {
  const suspension = host.checkpoint(step);
  if (!suspension) return;
  if (failures === undefined) throw new Suspended(suspension);
  // A further try belongs to the activity of the first. Any other end must not forget the failed tries.
  if (suspension.kind === 'cancelled') throw new Suspended(suspension);
  if (suspension.kind !== 'action') suspendFor(host, position, 0, failures);
}

function suspendFor(host: WalkerHost, { path }: Position, ms: number, failures: number): never {
  const wait: ArmedWait = { path, untilMs: host.nowMs() + ms, failures };
  throw new Suspended({ kind: 'wait', wait });
}

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
