import type { SearchAttributePair } from '@temporalio/common';

/** The types that cross between drivers and activities. Small values and ids only: they are kept in history. */

/** Hands out the next segment of an execution. */
export interface SegmentInput {
  /** Absent for a scheduled run, whose record the first segment makes from `schedule`. */
  executionId?: string;
  schedule?: ScheduledStart;
  /** Counts the segments of this execution; tells a retry of the same one from a new one. */
  index: number;
  /** Actions that this activity may run: null for no limit, 0 to only find the next one. */
  maxActions: number | null;
}

/** The start of a scheduled run: there is no stored delivery. */
export interface ScheduledStart {
  flowConfigId: string;
  /** `flow-schedule:<flowConfigId>-<time>`: the key that makes a tick one execution. */
  workflowId: string;
  runId: string;
}

/** What must happen durably before the next segment. */
export type NextMove =
  | { kind: 'done'; isFailed: boolean; error?: { code: string; message: string; step?: string } }
  /** Wait; also a step's retry delay. */
  | { kind: 'wait'; ms: number; step?: WaitingStepLine }
  /** The segment is long enough; go on with a fresh one. */
  | { kind: 'limit' }
  /** Somebody holds the execution: wait until told to look again. */
  | { kind: 'held' }
  /** The worker of its batch is still in the middle of a call: wait until told to look again. */
  | { kind: 'walked' }
  /** The run waits in its flow's queue, which begins it anew: this driver lets go of it. */
  | { kind: 'queued' }
  /** With `stepsPerActivity`: the type of the next action's activity, `component.action`. */
  | { kind: 'action'; activityType: string };

export interface SegmentResult {
  executionId: string;
  next: NextMove;
  /** The steps that this segment finished, the last ones of many, for the Web UI. */
  steps: FinishedStepLine[];
  /** How many it finished before those. */
  untoldSteps?: number;
}

/** What Temporal's Web UI shows of a finished step. */
export interface FinishedStepLine {
  name: string;
  state: 'ok' | 'failed' | 'ignored';
  ms: number;
  /** Of the error of one that failed; its message stays out of Temporal. */
  code?: string;
}

/** What it shows of a step that the driver waits for. */
export interface WaitingStepLine {
  name: string;
  /** Milliseconds since the epoch. */
  untilMs: number;
  /** Tries that have failed, of so many that there may be, and the last one's code; absent for a sleep. */
  retry?: { failures: number; tries: number; code?: string };
}

/** The segment that the executions of a batch share. */
export interface BatchInput {
  executionIds: string[];
}

/** How one execution of a batch left it: with its end, to go on in a driver of its own, or into its flow's queue. */
export interface BatchMember {
  executionId: string;
  /** Its customer, instance, integration, flow and version; absent in histories of former releases. */
  ran?: string;
  state: 'ok' | 'failed' | 'goes on' | 'queued';
  ms: number;
  /** Of the error of one that failed. */
  code?: string;
  /** The last steps that it finished there. */
  steps?: string;
}

export interface BatchResult {
  members: BatchMember[];
  /** What it is found by with all of its members; absent where it was started with all of them. */
  searchAttributes?: SearchAttributePair[];
}

/** Tells a driver that waits to look at its execution's record again: it was cancelled, or is held no more. */
export const LOOK_SIGNAL = 'look';

/** What a batch asks for. */
export interface BatchActivities {
  runBatch(input: BatchInput): Promise<BatchResult>;
  /** Gives what has not ended drivers of their own, since the batch cannot go on. */
  splitBatch(input: BatchInput): Promise<BatchResult>;
}

/** What a driver asks for besides segments, which are activities of type `runSegment` or `component.action`. */
export interface DriverActivities {
  /** Ends an execution whose segment could not be run at all. Harmless when it has ended. */
  recordFailure(input: {
    executionId?: string;
    workflowId: string;
    code: string;
    message: string;
  }): Promise<void>;
}

/** Input of the driver workflow `flowExecution`. */
export interface DriverInput {
  executionId?: string;
  /** Set by schedules instead of `executionId`. */
  scheduledFlowConfigId?: string;
  stepsPerActivity: number | null;
  /** Segments handed out before a continue-as-new. */
  index?: number;
  /** Steps finished before it, which this run's details cannot list. */
  stepsBefore?: number;
}

/** What the functions of an instance's triggers are called for. */
export interface LifecycleInput {
  instanceId: string;
  /** Of the revision whose triggers they are; it need not be in service. */
  configRevisionId: string;
  event: 'deploy' | 'remove';
  /** Longest time that all of them together may take, ms. */
  limitMs: number;
  /**
   * Stable keys of the only flows that are meant, whose triggers gave way to others or serve again: a function that fails
   * is tried again and keeps no other from being called. Absent for all flows.
   */
  onlyFlows?: string[];
}

/** What became of them; `message` is for whoever deploys or removes. */
export type LifecycleResult =
  | { isDone: true }
  | {
      isDone: false;
      message: string;
      /** Stable keys of the flows whose functions failed, where single flows are meant. */
      failed?: string[];
      /** Stable keys of the flows whose functions were called, where all are meant; absent where more may have been. */
      begun?: string[];
    };

export interface LifecycleActivities {
  callLifecycleFunctions(input: LifecycleInput): Promise<LifecycleResult>;
}

/** What a queue's workflow is started with. */
export interface QueueInput {
  /** What queues; see `QueuePlace.key`. */
  key: string;
}

/** Tells a queue's workflow that a run may have to be admitted. */
export const QUEUE_SIGNAL = 'look';

/** What a queue's workflow asks for. */
export interface QueueActivities {
  /** How many runs may be admitted now. */
  lookAtQueue(input: QueueInput): Promise<{ admissible: number }>;
  /** Admits and runs one after the other, until none is left that may run or it is time for another activity. */
  runQueueLane(input: QueueInput): Promise<{ admitted: number }>;
}

/** Names a stored call of a data source; what is asked and answered stays out of Temporal. */
export interface DataSourceCallInput {
  callId: string;
}

export interface DataSourceActivities {
  callDataSource(input: DataSourceCallInput): Promise<void>;
}
