import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanStep } from '../engine/plan';
import type {
  ArmedWait,
  FinishedStep,
  Position,
  RecordedStep,
  StepCall,
  Suspension,
  WalkerHost,
} from '../engine/walker-host';
import { patienceMs } from '../services/in-company';
import type { ExecutionControl } from '../store/models/execution.model';
import { type StepResult, TRIGGER_PATH } from '../store/models/step-result.model';
import type { FinishedStepLine } from '../temporal/contract';
import { callAction } from './call-action';
import { journalRecord } from './journal-record';
import { isRepeatable } from './repeatable';
import { RunStates } from './run-states';
import type { SegmentRun } from './segment-run';
import { finishedLine } from './step-lines';

/** Records of repeatable steps that may be on their way at once. */
const MOST_DEFERRED = 64;
/** They wait so long for the next record at most. */
const DEFERRED_MS = 50;
/** The finished steps that a segment tells the driver of, for Temporal's Web UI. */
const TOLD_STEPS = 40;

/** The walker's host for one segment: runs actions in runner processes and journals what finished. */
export class SegmentHost implements WalkerHost {
  /** The last ones of those that this segment finished. */
  readonly toldSteps: FinishedStepLine[] = [];
  /** How many it finished before those. */
  untoldSteps = 0;
  readonly isAnswerAwaited: boolean;
  readonly isTriggerLost: boolean;
  readonly states: RunStates;
  /** Steps journaled by this and former segments. */
  stepCount: number;
  private actions = 0;
  /** How often the step in flight was begun. */
  private attempt = 1;
  /** The next step can have been in flight when a former try of this segment was lost. */
  private mayHaveBegun = true;
  private readonly startedMs = Date.now();
  /** What is asked of the execution, as far as the last write of the journal knew. */
  private asked: ExecutionControl | null;
  /** Writes that the next one waits for. */
  private deferred: Promise<unknown> | undefined;
  private deferredCount = 0;
  private statesOrdinal: number | null;

  constructor(
    readonly run: SegmentRun,
    private readonly behindTrigger: (
      host: SegmentHost,
      finished: FinishedStep,
    ) => Promise<Suspension | undefined>,
  ) {
    this.asked = run.execution.control ?? null;
    this.states = new RunStates(run);
    this.stepCount = run.journal.count;
    this.statesOrdinal = run.journal.statesOrdinal;
    this.isAnswerAwaited = run.execution.isSynchronous;
    this.isTriggerLost = run.journal.isTriggerLost;
  }

  async last(): Promise<RecordedStep | undefined> {
    return this.run.journal.last;
  }

  async recorded(paths: readonly string[]): Promise<RecordedStep[]> {
    await this.settled();
    return this.run.journal.recorded(paths);
  }

  async before(path: string): Promise<string | undefined> {
    return this.run.journal.before(path);
  }

  /** Whether somebody asked it to stop here. */
  control(): Suspension | undefined {
    if (this.asked === null) return undefined;
    return { kind: this.asked === 'cancel' ? 'cancelled' : 'held' };
  }

  checkpoint(step: PlanStep): Suspension | undefined {
    const { maxActions } = this.run.limits;
    const suspension = this.stop();
    if (suspension) return suspension;
    if (maxActions !== null && this.actions >= maxActions) {
      return { kind: 'action', activityType: `${step.component.key}.${step.action}` };
    }
    return this.actions > 0 ? this.limit() : undefined;
  }

  boundary(): Suspension | undefined {
    return this.stop() ?? (this.toldSteps.length > 0 ? this.limit() : undefined);
  }

  private stop(): Suspension | undefined {
    const { lease, signal } = this.run.limits;
    lease.assertHeld();
    if (signal.aborted || this.run.deps.stopping.aborted) return { kind: 'limit' };
    return this.control();
  }

  private limit(): Suspension | undefined {
    return this.nowMs() - this.startedMs > this.run.limits.budgetMs ? { kind: 'limit' } : undefined;
  }

  async perform(call: StepCall): Promise<FinishedStep> {
    this.attempt = call.failures + (this.mayHaveBegun ? this.run.execution.segment.tries : 1);
    this.actions += 1;
    const { underway } = this.run.limits;
    if (underway) underway.sinceMs = Date.now();
    const finished = await callAction(this.run, call, { attempt: this.attempt, states: this.states });
    if (underway) underway.sinceMs = null;
    return finished;
  }

  async record(step: PlanStep, position: Position, finished: FinishedStep, startedAt: Date): Promise<number> {
    const { deps, execution } = this.run;
    // A lost record gets its place back.
    const isLostOne = this.isTriggerLost && position.path === TRIGGER_PATH;
    const states = this.states.unjournaled(position.path);
    const { attempt } = this;
    const record = await journalRecord(deps, execution, {
      step,
      position,
      finished,
      startedAt,
      states,
      attempt,
      ordinal: isLostOne ? 0 : this.stepCount,
      statesOrdinal: this.statesOrdinal,
    });
    await this.store(step, record);
    this.states.journaled(record);
    this.statesOrdinal = record.statesOrdinal ?? null;
    this.attempt = 1;
    if (!isLostOne) this.stepCount += 1;
    this.tell(finishedLine(step, position, finished, record.endedAt.getTime() - startedAt.getTime()));
    if (finished.error) this.run.log('ERROR', finished.error.message, step.name);
    return record.outputBytes;
  }

  private tell(line: FinishedStepLine): void {
    this.toldSteps.push(line);
    if (this.toldSteps.length <= TOLD_STEPS) return;
    this.toldSteps.shift();
    this.untoldSteps += 1;
  }

  afterTrigger(finished: FinishedStep): Promise<Suspension | undefined> {
    return this.behindTrigger(this, finished);
  }

  /** Resolves when all that was recorded is stored. */
  async settled(): Promise<void> {
    if (this.deferredCount > 0) this.run.deps.journal.hurry();
    await this.stored();
  }

  private async stored(): Promise<void> {
    await this.deferred;
    this.deferredCount = 0;
  }

  private async store(step: PlanStep, record: StepResult): Promise<void> {
    const isDeferred = isRepeatable(step, record) && this.deferredCount < MOST_DEFERRED;
    const tookMs = record.endedAt.getTime() - record.startedAt.getTime();
    const withinMs = isDeferred ? DEFERRED_MS : patienceMs(tookMs);
    const stored = this.run.deps.journal.append(record, withinMs).then((asked) => {
      this.asked = asked;
    });
    this.deferred = Promise.all([this.deferred, stored]);
    if (isDeferred) {
      // Handled where it is waited for: with the next record, or at the end of the walk.
      this.deferred.catch(() => undefined);
      this.deferredCount += 1;
      return;
    }
    this.mayHaveBegun = false;
    await this.stored();
  }

  warn(step: PlanStep, message: string): void {
    this.run.log('WARN', message, step.name);
  }

  armedWait(path: string): ArmedWait | undefined {
    const { armedWait } = this.run.execution;
    return armedWait?.path === path ? armedWait : undefined;
  }

  nowMs(): number {
    return Date.now();
  }

  async delay(ms: number): Promise<void> {
    const { signal } = this.run.limits;
    // A stop cuts it short: the checkpoint behind it hands over.
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, this.run.deps.stopping]) }).catch(
      (error: unknown) => {
        if (signal.aborted) throw error;
      },
    );
  }
}
