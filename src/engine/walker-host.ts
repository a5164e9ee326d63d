import type { PlanStep } from './plan';
import type { StepValue, StepView } from './step-value';

/** Where a step stands in this run: its place in the plan and the iterations around it. */
export interface Position {
  /** The step's plan path, and behind `@` the index of each enclosing loop: `4.loop.1@3.0`. */
  path: string;
  /** The same for people: `outer:3,inner:0`; empty outside loops. */
  loopPath: string;
}

export interface StepError {
  code: string;
  message: string;
  /** Of a trigger that refuses its request: the status, 4xx, that a waiting caller gets. */
  httpStatus?: number;
}

/** A step that ran to an end, good or bad. */
export interface FinishedStep {
  value: StepValue;
  branch: string | null;
  error: StepError | null;
}

/** A finished step as the journal keeps it. */
export interface RecordedStep {
  path: string;
  branch: string | null;
  error: StepError | null;
  startedAt: Date;
  /** Size of its value as stored. */
  bytes: number;
  /** Read when it is asked for: it may be large. */
  value(): Promise<StepValue>;
}

/** One call of an action. */
export interface StepCall {
  step: PlanStep;
  position: Position;
  inputs: Record<string, unknown>;
  /** Tries of this step that have failed. */
  failures: number;
  /** Results so far, for steps whose code may read any. */
  stepResults?: Record<string, StepView>;
}

/** A wait that a former segment asked for at a step: a sleep, or the delay before its next try. */
export interface ArmedWait {
  path: string;
  /** Milliseconds since the epoch. */
  untilMs: number;
  /** Tries of the step that have failed. */
  failures: number;
  /** Of the error of the last of them. */
  code?: string;
}

/** What must happen before the walk can go on. */
export type Suspension =
  | { kind: 'wait'; wait: ArmedWait; step: PlanStep; position: Position }
  | { kind: 'limit' }
  | { kind: 'held' }
  /** Somebody asked the run to stop: it ends as failed. */
  | { kind: 'cancelled' }
  | { kind: 'action'; activityType: string }
  /** The run waits in its flow's queue: nobody holds it until it is admitted. */
  | { kind: 'queued' }
  /** The run ends behind its trigger, as a success of that kind. */
  | { kind: 'ended'; resultType: EarlyResultType }
  /** The run fails behind its trigger, by a further function of it. */
  | { kind: 'failed'; step: PlanStep; error: StepError };

/** Why a run ended behind its trigger; `COMPLETED` where its items became runs of their own. */
export type EarlyResultType = 'COMPLETED' | 'POLLED_NO_CHANGES' | 'CANCELED_AS_DUPLICATE';

/** What the walker asks of the process that it runs in. */
export interface WalkerHost {
  /** A caller waits for what the last step leaves. */
  readonly isAnswerAwaited: boolean;
  /** The record of the trigger was lost with its worker, though that of a later step was not. */
  readonly isTriggerLost: boolean;
  /** The step that finished last, in a former walk; undefined when there was none. */
  last(): Promise<RecordedStep | undefined>;
  /** Those of these steps that have finished, in the order of finishing. */
  recorded(paths: readonly string[]): Promise<RecordedStep[]>;
  /** The path of the step that finished right before this one, which has finished too. */
  before(path: string): Promise<string | undefined>;
  /** Asked before each action: a suspension ends the segment here, a cancellation the run. */
  checkpoint(step: PlanStep): Suspension | undefined;
  /** Asked where no action is next but a loop ends: what else could stop the walk there. */
  boundary(): Suspension | undefined;
  /** Runs the action once. Rejects for infrastructure faults only. */
  perform(call: StepCall): Promise<FinishedStep>;
  /** Journals a finished step and answers the size of its value; the walk goes on when it is stored. */
  record(step: PlanStep, position: Position, finished: FinishedStep, startedAt: Date): Promise<number>;
  /**
   * Asked behind a trigger that did not fail or whose error is ignored, and again by each walk that begins before a later step has finished:
   * a suspension ends the walk before the trigger's branch and the flow's steps.
   */
  afterTrigger(finished: FinishedStep): Promise<Suspension | undefined>;
  /** Tells the readers of the run's log what may surprise them at a step; it may be told again after a crash. */
  warn(step: PlanStep, message: string): void;
  armedWait(path: string): ArmedWait | undefined;
  nowMs(): number;
  delay(ms: number): Promise<void>;
}
