import { ignoresError, retryDelayMs } from './error-policy';
import { bodyKeys, loopItems } from './loops';
import { toNumber } from './numbers';
import type { PlanFlow, PlanStep } from './plan';
import { resolveInputs } from './resolve-input';
import { Scope, type StepValue } from './scope';
import type { ArmedWait, FinishedStep, Position, StepError, Suspension, WalkerHost } from './walker-host';

/** How a walk ended. */
export type WalkEnd =
  | { kind: 'finished'; last: StepValue | undefined }
  | { kind: 'failed'; step: PlanStep; error: StepError }
  | { kind: 'suspended'; suspension: Suspension };

/** Waits up to this stay in the segment; longer ones are durable. */
export const SHORT_WAIT_MS = 2000;

/** What a step says about what comes next: go on, leave the loop, or end the run. */
type Signal = 'next' | 'break' | 'end';

interface Iteration {
  loopKey: string;
  index: number;
}

class Suspended {
  constructor(readonly suspension: Suspension) {}
}

class StepFailed {
  constructor(
    readonly step: PlanStep,
    readonly error: StepError,
  ) {}
}

/**
 * Goes through a flow from its trigger to its end. Steps that the journal knows are not run again but give
 * their recorded results, so a walk that is begun anew arrives where the former one stopped.
 */
export async function walkFlow(
  flow: PlanFlow,
  configVars: Readonly<Record<string, unknown>>,
  host: WalkerHost,
): Promise<WalkEnd> {
  const walker = new Walker(new Scope(configVars), host);
  try {
    if ((await walker.trigger(flow.trigger)) !== 'end') await walker.steps(flow.steps, []);
    return { kind: 'finished', last: walker.last };
  } catch (thrown) {
    if (thrown instanceof Suspended) return { kind: 'suspended', suspension: thrown.suspension };
    if (thrown instanceof StepFailed) return { kind: 'failed', step: thrown.step, error: thrown.error };
    throw thrown;
  }
}

class Walker {
  last: StepValue | undefined;

  constructor(
    readonly scope: Scope,
    readonly host: WalkerHost,
  ) {}

  /** The trigger, then the steps of the branch that it took. */
  async trigger(trigger: PlanStep): Promise<Signal> {
    const finished = await this.run(trigger, positionOf(trigger, []));
    const suspension = await this.host.afterTrigger(finished);
    if (suspension) throw new Suspended(suspension);
    return this.follow(trigger, finished, []);
  }

  async steps(steps: readonly PlanStep[], iterations: readonly Iteration[]): Promise<Signal> {
    for (const step of steps) {
      const signal = await this.step(step, iterations);
      if (signal !== 'next') return signal;
    }
    return 'next';
  }

  async step(step: PlanStep, iterations: readonly Iteration[]): Promise<Signal> {
    if (step.loop) return this.loop(step, step.loop.steps, iterations);
    return this.follow(step, await this.run(step, positionOf(step, iterations)), iterations);
  }

  /** What the step left, now or in a former walk. */
  private async run(step: PlanStep, position: Position): Promise<FinishedStep> {
    const finished = (await this.host.finished(position.path)) ?? (await this.execute(step, position));
    this.settle(step, finished);
    return finished;
  }

  /** What comes behind a step that has run: the branch that it took, or what it says about the rest. */
  private async follow(
    step: PlanStep,
    finished: FinishedStep,
    iterations: readonly Iteration[],
  ): Promise<Signal> {
    if (step.terminates && !finished.error) return 'end';
    if (step.breaksLoop && !finished.error) return 'break';
    const branch = step.branches?.find(({ name }) => name === finished.branch);
    return branch ? this.steps(branch.steps, iterations) : 'next';
  }

  /** Runs the step's action, with the tries and waits that its error policy grants. */
  private async execute(step: PlanStep, position: Position): Promise<FinishedStep> {
    const armed = this.host.armedWait(position.path);
    this.waitUntil(armed);
    const inputs = resolveInputs(step.inputs, this.scope);
    const sleepMs = durableSleepMs(step, inputs);
    // A sleep that is over calls nothing any more, so it passes no checkpoint.
    if (sleepMs !== undefined && armed) return this.record(step, position, SLEPT, this.now());
    let failures = armed?.failures ?? 0;
    for (let isRetry = false; ; isRetry = true) {
      this.checkpoint(step, position, isRetry ? failures : undefined);
      if (sleepMs !== undefined && sleepMs > MAX_SLEEP_MS)
        return this.record(step, position, TOO_LONG, this.now());
      if (sleepMs !== undefined) this.suspendFor(position, sleepMs, 0);
      const startedAt = this.now();
      const finished = await this.perform(step, position, inputs, failures);
      if (!finished.error) return this.record(step, position, finished, startedAt);
      failures += 1;
      const delayMs = retryDelayMs(step.onError, failures);
      if (delayMs === undefined) return this.record(step, position, finished, startedAt);
      if (delayMs > SHORT_WAIT_MS) this.suspendFor(position, delayMs, failures);
      await this.host.delay(delayMs);
    }
  }

  private async record(
    step: PlanStep,
    position: Position,
    finished: FinishedStep,
    startedAt: Date,
  ): Promise<FinishedStep> {
    await this.host.record(step, position, finished, startedAt);
    return finished;
  }

  private perform(
    step: PlanStep,
    position: Position,
    inputs: Record<string, unknown>,
    failures: number,
  ): Promise<FinishedStep> {
    const stepResults = step.reads === 'all' ? this.scope.views() : undefined;
    return this.host.perform({ step, position, inputs, failures, ...(stepResults && { stepResults }) });
  }

  private async loop(
    step: PlanStep,
    body: readonly PlanStep[],
    iterations: readonly Iteration[],
  ): Promise<Signal> {
    const position = positionOf(step, iterations);
    const startedAt = this.now();
    const start = loopItems(step.loop!, resolveInputs(step.inputs, this.scope));
    if ('error' in start) {
      return this.finishLoop(step, position, startedAt, { value: {}, branch: null, error: start.error });
    }
    const keys = bodyKeys(body);
    const results: unknown[] = [];
    const count = iterationCount(start.items, body);
    for (let index = 0; index < count; index += 1) {
      this.scope.forget(keys);
      this.scope.setIteration(step.key, typeof start.items === 'number' ? index : start.items[index], index);
      const signal = await this.steps(body, [...iterations, { loopKey: step.key, index }]);
      if (signal === 'end') return 'end';
      const lastKey = body.at(-1)?.key;
      if (lastKey !== undefined && this.scope.has(lastKey)) results.push(this.scope.result(lastKey) ?? null);
      if (signal === 'break') break;
    }
    return this.finishLoop(step, position, startedAt, {
      value: { data: results },
      branch: null,
      error: null,
    });
  }

  private async finishLoop(
    step: PlanStep,
    position: Position,
    startedAt: Date,
    finished: FinishedStep,
  ): Promise<Signal> {
    const recorded = await this.host.finished(position.path);
    if (!recorded) await this.host.record(step, position, finished, startedAt);
    this.settle(step, recorded ?? finished);
    return 'next';
  }

  /** Makes a result visible to what follows; throws when its error ends the flow. */
  private settle(step: PlanStep, finished: FinishedStep): void {
    if (finished.error && !ignoresError(step.onError)) throw new StepFailed(step, finished.error);
    this.scope.setResult(step.key, finished.value);
    this.last = finished.value;
  }

  /** `failures` is given between the tries of one step. */
  private checkpoint(step: PlanStep, position: Position, failures?: number): void {
    const suspension = this.host.checkpoint(step);
    if (!suspension) return;
    if (failures === undefined) throw new Suspended(suspension);
    // A further try belongs to the activity of the first. Any other end must not forget the failed tries.
    if (suspension.kind === 'cancelled') throw new Suspended(suspension);
    if (suspension.kind !== 'action') this.suspendFor(position, 0, failures);
  }

  private waitUntil(wait: ArmedWait | undefined): void {
    if (wait && this.host.nowMs() < wait.untilMs) throw new Suspended({ kind: 'wait', wait });
  }

  private now(): Date {
    return new Date(this.host.nowMs());
  }

  private suspendFor(position: Position, ms: number, failures: number): never {
    const wait = { path: position.path, untilMs: this.host.nowMs() + ms, failures };
    throw new Suspended({ kind: 'wait', wait });
  }
}

/** An empty body is not gone round: a large count would hold the process and leave nothing behind. */
function iterationCount(items: readonly unknown[] | number, body: readonly PlanStep[]): number {
  if (body.length === 0) return 0;
  return typeof items === 'number' ? items : items.length;
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

function positionOf(step: PlanStep, iterations: readonly Iteration[]): Position {
  if (iterations.length === 0) return { path: step.path, loopPath: '' };
  return {
    path: `${step.path}@${iterations.map(({ index }) => index).join('.')}`,
    loopPath: iterations.map(({ loopKey, index }) => `${loopKey}:${index}`).join(','),
  };
}

/** Milliseconds of a sleep step that is too long to hold a worker. */
function durableSleepMs(step: PlanStep, inputs: Record<string, unknown>): number | undefined {
  if (step.component.key !== 'sleep' || step.action !== 'sleep') return undefined;
  const ms = toNumber(inputs['ms']);
  return ms !== undefined && Number.isFinite(ms) && ms > SHORT_WAIT_MS ? ms : undefined;
}
