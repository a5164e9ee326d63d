import { ignoresError } from './error-policy';
import { type FlowIndex, flowIndex, type TrailEntry } from './flow-index';
import { LIST_LEFT_OUT, LoopResults } from './loop-results';
import { loopItems } from './loops';
import type { PlanFlow, PlanStep } from './plan';
import { readsOf } from './reads';
import { RecordedPast } from './recorded-past';
import { resolveInputs } from './resolve-input';
import { Scope, type StepValue, type Values } from './scope';
import { nowOf, type RunStep, recordStep, runStep, Suspended } from './step-runner';
import type { FinishedStep, Position, RecordedStep, StepError, Suspension, WalkerHost } from './walker-host';

/** How a walk ended. */
export type WalkEnd =
  | { kind: 'finished'; last: StepValue | undefined }
  | { kind: 'failed'; step: PlanStep; error: StepError }
  | { kind: 'suspended'; suspension: Suspension };

/** What a step says about what comes next: go on, leave the loop, or end the run. */
type Signal = 'next' | 'break' | 'end';

interface Iteration {
  loopKey: string;
  index: number;
}

class StepFailed {
  constructor(
    readonly step: PlanStep,
    readonly error: StepError,
  ) {}
}

/**
 * Goes through a flow from its trigger to its end. A walk that is begun anew goes on behind the step that finished
 * last; results of former walks are read where a step asks for them, so neither its start nor its memory grows
 * with what the run has done before.
 */
export async function walkFlow(
  flow: PlanFlow,
  configVars: Readonly<Record<string, unknown>>,
  host: WalkerHost,
): Promise<WalkEnd> {
  const walker = new Walker(flow, configVars, host, await host.last());
  try {
    await walker.run();
    return { kind: 'finished', last: await walker.lastValue() };
  } catch (thrown) {
    if (thrown instanceof Suspended) return { kind: 'suspended', suspension: thrown.suspension };
    if (thrown instanceof StepFailed) return { kind: 'failed', step: thrown.step, error: thrown.error };
    throw thrown;
  }
}

class Walker {
  readonly #index: FlowIndex;
  readonly #scope: Scope;
  /** The rest of the way to the step that a former walk finished last. */
  readonly #trail: TrailEntry[];
  #last: StepValue | RecordedStep | undefined;
  /** Steps that chose a branch which is not there, as far as that was told. */
  readonly #unknownBranches = new Set<PlanStep>();
  /** What the last body steps of the open loops left in the present iteration, by their keys. */
  readonly #bodyEnds = new Map<string, { value: StepValue; bytes: number }>();

  constructor(
    private readonly flow: PlanFlow,
    configVars: Readonly<Record<string, unknown>>,
    private readonly host: WalkerHost,
    /** What a former walk finished last. */
    private readonly former: RecordedStep | undefined,
  ) {
    this.#index = flowIndex(flow);
    this.#trail = former ? this.#index.trailTo(former.path) : [];
    const past = new RecordedPast(this.#index, host, former);
    this.#scope = new Scope(configVars, this.#index.readKeys, past);
  }

  async run(): Promise<void> {
    const { trigger, steps } = this.flow;
    if (this.host.isTriggerLost) await this.#restore(trigger);
    const start = this.#trail[0]?.place.step;
    const isBehind = start !== undefined && start !== trigger;
    if (!isBehind && (await this.#trigger(trigger)) === 'end') return;
    await this.#steps(steps, []);
  }

  async lastValue(): Promise<StepValue | undefined> {
    const last = this.#last;
    return last && 'path' in last ? last.value() : last;
  }

  /** The trigger, then the steps of the branch that it took. */
  async #trigger(trigger: PlanStep): Promise<Signal> {
    if (this.#trail.length > 1) return this.#reenter([]);
    const { former } = this;
    this.#trail.length = 0;
    const finished = former ? await this.#formerTrigger(trigger, former) : await this.#run(trigger, []);
    // One whose error counts has thrown above; an ignored one leaves a run like any other.
    const suspension = await this.host.afterTrigger(finished);
    if (suspension) throw new Suspended(suspension);
    return this.#follow(trigger, finished, []);
  }

  async #formerTrigger(trigger: PlanStep, former: RecordedStep): Promise<FinishedStep> {
    this.#settleFormer(trigger, former);
    return { value: await former.value(), branch: former.branch, error: former.error };
  }

  /** A trigger's record may be written beside that of the step behind it, and be lost where that one is not. */
  async #restore(trigger: PlanStep): Promise<void> {
    // It sees what it saw then: nothing.
    const values = new Scope(this.#scope.configVars);
    await runStep(this.host, {
      step: trigger,
      position: positionOf(trigger, []),
      values,
      ...(trigger.reads === 'all' && { stepResults: {} }),
    });
  }

  async #steps(steps: readonly PlanStep[], iterations: readonly Iteration[]): Promise<Signal> {
    let at = 0;
    const [entry] = this.#trail;
    if (entry) {
      const signal = await this.#reenter(iterations);
      if (signal !== 'next') return signal;
      at = entry.place.at + 1;
    }
    for (; at < steps.length; at += 1) {
      const signal = await this.#step(steps[at]!, iterations);
      if (signal !== 'next') return signal;
    }
    return 'next';
  }

  /** Goes back into the step where a former walk stopped, or on behind it. */
  async #reenter(iterations: readonly Iteration[]): Promise<Signal> {
    const { place, iteration } = this.#trail.shift()!;
    const { step } = place;
    const [inner] = this.#trail;
    if (!inner) {
      this.#settleFormer(step, this.former!);
      return this.#follow(step, this.former!, iterations);
    }
    if (iteration !== undefined) return this.#loop(step, iterations, iteration);
    return this.#steps(inner.place.branch!.steps, iterations);
  }

  async #step(step: PlanStep, iterations: readonly Iteration[]): Promise<Signal> {
    if (step.loop) return this.#loop(step, iterations);
    return this.#follow(step, await this.#run(step, iterations), iterations);
  }

  async #run(step: PlanStep, iterations: readonly Iteration[]): Promise<FinishedStep> {
    const position = positionOf(step, iterations);
    const { finished, bytes } = await this.#perform(step, position);
    this.#settle(step, position, finished, bytes);
    return finished;
  }

  async #perform(step: PlanStep, position: Position): Promise<RunStep> {
    const { isAll, keys, code } = readsOf(step);
    await this.#scope.recall(isAll ? this.#index.keys : keys);
    const handed = isAll ? this.#index.keys : code;
    return runStep(this.host, {
      step,
      position,
      values: this.#scope,
      ...(handed && { stepResults: this.#scope.views(handed) }),
    });
  }

  /** What comes behind a step that has run: the branch that it took, or what it says about the rest. */
  async #follow(
    step: PlanStep,
    finished: Pick<FinishedStep, 'branch' | 'error'>,
    iterations: readonly Iteration[],
  ): Promise<Signal> {
    if (step.terminates && !finished.error) return 'end';
    // Outside of loops there is nothing to leave.
    if (step.breaksLoop && !finished.error && iterations.length > 0) return 'break';
    const branch = step.branches?.find(({ name }) => name === finished.branch);
    if (branch) return this.#steps(branch.steps, iterations);
    if (step.branches && finished.branch !== null) this.#warnOfBranch(step, finished.branch);
    return 'next';
  }

  /** Once a walk: the step may be in a loop. Of `Else` there need be none. */
  #warnOfBranch(step: PlanStep, name: string): void {
    if (name === 'Else' || this.#unknownBranches.has(step)) return;
    this.#unknownBranches.add(step);
    const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name;
    this.host.warn(step, `The step chose the branch "${shown}", which it does not have: no branch runs.`);
  }

  /** `from`: the iteration in which a former walk stopped. */
  async #loop(step: PlanStep, iterations: readonly Iteration[], from?: number): Promise<Signal> {
    const { steps: body } = step.loop!;
    const startedAt = nowOf(this.host);
    const start = loopItems(step.loop!, resolveInputs(step.inputs, await this.#valuesAtStart(step, from)));
    const count = 'error' in start ? 0 : iterationCount(start.items, body);
    // It goes over what it went over before.
    if (from !== undefined && from >= count) throw new Error(`Loop ${step.path} has lost its items.`);
    if ('error' in start) {
      const finished = { value: {}, branch: null, error: start.error };
      return this.#finishLoop(step, iterations, finished, startedAt);
    }
    const { items } = start;
    const results = new LoopResults(from === undefined, this.#index.listUse(step, this.host.isAnswerAwaited));
    let index = from ?? 0;
    for (let signal: Signal = 'next'; index < count && signal !== 'break'; index += 1) {
      if (index !== from) this.#scope.forget(this.#index.bodyKeys(step));
      this.#scope.setIteration(step.key, typeof items === 'number' ? index : items[index], index);
      signal = await this.#steps(body, [...iterations, { loopKey: step.key, index }]);
      if (signal === 'end') return 'end';
      this.#takeBodyEnd(body, results);
    }
    const suspension = this.host.boundary();
    if (suspension) throw new Suspended(suspension);
    const within = (inner: PlanStep, iteration: number) =>
      positionOf(inner, [...iterations, { loopKey: step.key, index: iteration }]).path;
    const finished = await results.finish(this.host, index, (iteration) => within(body.at(-1)!, iteration));
    if (results.isLeftOut) this.host.warn(step, LIST_LEFT_OUT);
    const began = from === undefined ? startedAt : await this.#startOf(within(body[0]!, 0), startedAt);
    return this.#finishLoop(step, iterations, finished, began);
  }

  /** What a loop's inputs see: nothing of its own body, which a walk that goes back into it has run. */
  async #valuesAtStart(loop: PlanStep, from: number | undefined): Promise<Values> {
    const { keys } = readsOf(loop);
    if (from === undefined) {
      await this.#scope.recall(keys);
      return this.#scope;
    }
    const own = new Set([loop.key, ...this.#index.bodyKeys(loop)]);
    await this.#scope.recall(keys.filter((key) => !own.has(key)));
    return this.#scope.without(own);
  }

  #takeBodyEnd(body: readonly PlanStep[], results: LoopResults): void {
    const key = body.at(-1)!.key;
    const left = this.#bodyEnds.get(key);
    if (!left) return;
    results.add(left.value, left.bytes);
    this.#bodyEnds.delete(key);
  }

  /** When the first step of a loop began that a former walk had begun. */
  async #startOf(path: string, otherwise: Date): Promise<Date> {
    const [first] = await this.host.recorded([path]);
    return first?.startedAt ?? otherwise;
  }

  async #finishLoop(
    step: PlanStep,
    iterations: readonly Iteration[],
    finished: FinishedStep,
    startedAt: Date,
  ): Promise<Signal> {
    const position = positionOf(step, iterations);
    const { bytes } = await recordStep(this.host, { step, position }, finished, startedAt);
    this.#settle(step, position, finished, bytes);
    return 'next';
  }

  /** Makes a result visible to what follows; throws when its error ends the flow. */
  #settle(step: PlanStep, { path }: Position, finished: FinishedStep, bytes: number): void {
    const { value, error } = finished;
    if (error && !ignoresError(step.onError, error)) throw new StepFailed(step, error);
    this.#scope.setResult(step.key, value, { path, bytes });
    if (this.#index.endsBody(step)) this.#bodyEnds.set(step.key, { value, bytes });
    if (this.host.isAnswerAwaited) this.#last = value;
  }

  /** The same for what a former walk finished last. */
  #settleFormer(step: PlanStep, former: RecordedStep): void {
    if (former.error && !ignoresError(step.onError, former.error)) throw new StepFailed(step, former.error);
    this.#scope.setRecorded(step.key, former.path);
    if (this.host.isAnswerAwaited) this.#last = former;
  }
}

/** An empty body is not gone round: a large count would hold the process and leave nothing behind. */
function iterationCount(items: readonly unknown[] | number, body: readonly PlanStep[]): number {
  if (body.length === 0) return 0;
  return typeof items === 'number' ? items : items.length;
}

function positionOf(step: PlanStep, iterations: readonly Iteration[]): Position {
  if (iterations.length === 0) return { path: step.path, loopPath: '' };
  return {
    path: `${step.path}@${iterations.map(({ index }) => index).join('.')}`,
    loopPath: iterations.map(({ loopKey, index }) => `${loopKey}:${index}`).join(','),
  };
}
