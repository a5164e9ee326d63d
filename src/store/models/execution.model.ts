import { type Connection, Schema } from 'mongoose';
import type { RunProfile } from './instance-profile.model';
import { answerSchema, requestSchema, type StoredAnswer, type StoredRequest } from './stored-exchange';

export const EXECUTION_STATUSES = ['PENDING', 'QUEUED', 'SUCCESS', 'ERROR'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];
export const INVOKE_TYPES = [
  'WEBHOOK',
  'WEBHOOK_SNAPSHOT',
  'SCHEDULED',
  'CROSS_FLOW',
  'DEPLOY_FLOW',
  'TEAR_DOWN_FLOW',
  'INTEGRATION_FLOW_TEST',
  'INTEGRATION_ENDPOINT_TEST',
  'AI_AGENT',
] as const;
export type InvokeType = (typeof INVOKE_TYPES)[number];

/** What a person asked of an execution that has not ended; obeyed at the next step boundary. */
export const EXECUTION_CONTROLS = ['hold', 'cancel'] as const;
export type ExecutionControl = (typeof EXECUTION_CONTROLS)[number];

export interface ExecutionError {
  /** `component_error`, `timeout`, `runner_died` … */
  code: string;
  message: string;
  stepKey: string | null;
  stepName: string | null;
  /** Of a trigger that refused its request: the status, 4xx, that a waiting caller gets. */
  httpStatus?: number;
}

/** The end user whose values a run has, as they stood when it began. */
export interface RunUser {
  /** Of the user's config. */
  id: string;
  revision: number;
}

/** The execution from which another was called. */
export interface InvokedBy {
  executionId: string;
  startedAt: string;
  /** Calls above the called execution: 1 for the first call. */
  depth: number;
  /** Those of them in a row, up to this one, whose callers wait for the answer. */
  waitingDepth: number;
  stepName: string | null;
  loopPath: string | null;
  /** Whose values it had. */
  user?: RunUser;
}

/** Where a run stands in a queue. */
export interface QueuePlace {
  /** What queues: a flow config, or the run whose items its runs were cut from. */
  key: string;
  /** `entering`: its trigger is not through; `waiting`: status `QUEUED`; `admitted`: under way; `left`: ended. */
  state: 'entering' | 'waiting' | 'admitted' | 'left';
  /** Sorts by arrival. */
  order: string;
  queuedAt?: Date;
  /** One of as many as runs may be under way at once. No two runs hold the same. */
  slot?: string;
  /** Of the id that no other run of the queue may have. No two runs hold the same. */
  dedupeKey?: string;
}

/** Which attempt this run is, of a run that failed. */
export interface RetryOf {
  /** The run that failed first. */
  rootId: string;
  rootAcceptedAt: Date;
  /** The run whose failure asked for this one. */
  formerId: string;
  /** 1 for the first after the root. */
  count: number;
  /** Set when it has begun: it keeps what was deployed at that moment. */
  isPinned: boolean;
}

/** The next attempt at a run that failed. */
export interface NextRetry {
  executionId: string;
  at: Date;
  /** Its record is stored. */
  isMade: boolean;
}

/** How far the items of a trigger's run have become runs of their own. */
export interface FanOut {
  /** Pages that are done. */
  pages: number;
  /** MessagePack of the cursor that the next page is asked for with. */
  cursor: Buffer | null;
  /** The states as the last page left them, sealed; absent for the first one, which is journaled. */
  states?: Buffer;
  /** The page behind those as it was fetched, MessagePack, while runs are made of it; large ones are blobs. */
  page?: { bytes: Buffer | null; blobId: string | null };
  /** Runs that were made. */
  executions: number;
  isDone: boolean;
}

/** A walk that outlived its activity: the worker that began it goes on, and the execution's driver waits for it. */
export interface LeftWalk {
  /** Who walks; null when that is over and the driver has not looked since. */
  by: string | null;
  /** The last sign of life, by the clock of the database; absent once its driver was told that the walk is over. */
  at?: Date;
  told?: ToldSteps;
}

/** The steps that a walk finished, the last ones of many, and how many came before those. */
export interface ToldSteps {
  steps: { name: string; state: 'ok' | 'failed' | 'ignored'; ms: number; code?: string }[];
  untoldSteps: number;
}

/** One run of one flow of an instance. */
export interface Execution {
  /** UUIDv7: sorts by acceptance. */
  _id: string;
  organizationId: string;
  customerId: string | null;
  instanceId: string;
  integrationId: string;
  versionId: string | null;
  flowConfigId: string;
  flowId: string;
  flowStableKey: string;
  flowName: string;
  planId: string;
  configRevisionId: string;
  /** Of that revision; absent for none. */
  profile?: RunProfile;
  invokeType: InvokeType;
  isTest: boolean;
  /** It decides to which flow the delivery goes. */
  isPreprocess?: boolean;
  /** The run of the preprocess flow that sent the delivery here. */
  preprocessExecutionId?: string;
  /** Absent: the instance's values only. */
  user?: RunUser;
  /** The run that called this one, and how many calls are above it. */
  invokedBy?: InvokedBy;
  /** Component code is told that debugging is on. */
  isDebug?: boolean;
  /** Tests of a polling trigger: what stands for its poll, JSON. */
  simulatedTriggerResult?: string;
  /** A caller waits for the flow's answer. */
  isSynchronous: boolean;
  /** A caller waits: for the flow's end, or for the trigger's own response. */
  isAwaited: boolean;
  status: ExecutionStatus;
  /**
   * `accepted`: stored; `running`: a segment has begun; `queued`: waits in a queue and no workflow holds it; `ended`: has
   * its final status, once and for all.
   */
  phase: 'accepted' | 'running' | 'queued' | 'ended';
  /** Absent where runs go in parallel. */
  queue?: QueuePlace;
  retryOf?: RetryOf;
  /** Of a run that failed and is tried again. */
  nextRetry?: NextRetry;
  /** As many runs after the first as its flow allows; set when the first failed. */
  maxRetryCount?: number;
  /** The id that the flow takes from the request: a newer run with the same one cancels a retry that waits. */
  uniqueRequestId?: string;
  /** Its hash, with the flow it belongs to. */
  requestKey?: string;
  /** The run that took its place. */
  canceledByExecutionId?: string;
  /** Of the run of a batch trigger. */
  fanOut?: FanOut;
  /** The run of a batch trigger whose items this one got. */
  fanOutOf?: string;
  /** `flowConfigId:Idempotency-Key`; absent where the sender gave no key. */
  deliveryKey?: string;
  request: StoredRequest;
  answer: StoredAnswer | null;
  /** Origin of the API process that accepted it; workers tell it when the execution is off their hands. */
  replyTo?: string;
  error: ExecutionError | null;
  /** Of a run that ended behind its trigger; absent for one that ran to its end or failed. */
  resultType?: 'COMPLETED' | 'POLLED_NO_CHANGES' | 'CANCELED_AS_DUPLICATE';
  /** The driver or batch that runs it; null while it waits to be gathered. */
  workflowId: string | null;
  runId: string | null;
  /** Set by the segment of a batch that took it. */
  takenBy?: string;
  /** The batch that took it along after its start; its input does not name it. */
  boardedOn?: string;
  /** The walk that was left in the middle of a long call. */
  walk?: LeftWalk;
  /** Of that walk, for the segment behind it to tell the driver. */
  told?: ToldSteps;
  control?: ExecutionControl | null;
  /** Raised at each start of a segment. */
  epoch: number;
  /** Which segment was handed out last, and how often. */
  segment: { index: number; tries: number };
  /** A wait that the driver is in, and at which step. */
  armedWait: { path: string; untilMs: number; failures: number; code?: string } | null;
  stepCount: number;
  /** When the sweeper started it last. */
  sweptAt?: Date;
  /** When its workflow was looked at last. */
  checkedAt?: Date;
  acceptedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  /** The last lines of its log may still have to be written. */
  isEndUntold?: boolean;
  /** When the outputs of its steps are to be gone at the latest; absent where they stay, or are gone. */
  resultsDueAt?: Date;
}

const queue = new Schema<QueuePlace>(
  {
    key: String,
    state: String,
    order: String,
    queuedAt: { type: Date },
    slot: { type: String },
    dedupeKey: { type: String },
  },
  { _id: false },
);

const schema = new Schema<Execution>(
  {
    _id: { type: String, required: true },
    organizationId: { type: String, required: true },
    customerId: { type: String, default: null },
    instanceId: { type: String, required: true },
    integrationId: { type: String, required: true },
    versionId: { type: String, default: null },
    flowConfigId: { type: String, required: true },
    flowId: { type: String, required: true },
    flowStableKey: { type: String, required: true },
    flowName: { type: String, required: true },
    planId: { type: String, required: true },
    configRevisionId: { type: String, required: true },
    profile: { type: Schema.Types.Mixed },
    invokeType: { type: String, required: true },
    isTest: { type: Boolean, default: false },
    isPreprocess: { type: Boolean },
    preprocessExecutionId: { type: String },
    user: { type: Schema.Types.Mixed },
    invokedBy: { type: Schema.Types.Mixed },
    isDebug: { type: Boolean },
    simulatedTriggerResult: { type: String },
    isSynchronous: { type: Boolean, default: false },
    isAwaited: { type: Boolean, default: false },
    status: { type: String, required: true },
    phase: { type: String, required: true },
    deliveryKey: { type: String },
    request: { type: requestSchema, required: true },
    answer: { type: answerSchema, default: null },
    replyTo: { type: String },
    error: { type: Schema.Types.Mixed, default: null },
    resultType: { type: String },
    queue: { type: queue },
    retryOf: { type: Schema.Types.Mixed },
    nextRetry: { type: Schema.Types.Mixed },
    maxRetryCount: { type: Number },
    uniqueRequestId: { type: String },
    requestKey: { type: String },
    canceledByExecutionId: { type: String },
    fanOut: { type: Schema.Types.Mixed },
    fanOutOf: { type: String },
    workflowId: { type: String, default: null },
    takenBy: { type: String },
    boardedOn: { type: String },
    walk: { type: Schema.Types.Mixed },
    told: { type: Schema.Types.Mixed },
    control: { type: String, default: null },
    runId: { type: String, default: null },
    epoch: { type: Number, default: 0 },
    segment: { type: Schema.Types.Mixed, default: { index: -1, tries: 0 } },
    armedWait: { type: Schema.Types.Mixed, default: null },
    stepCount: { type: Number, default: 0 },
    sweptAt: { type: Date },
    checkedAt: { type: Date },
    acceptedAt: { type: Date, required: true },
    startedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    isEndUntold: { type: Boolean },
    resultsDueAt: { type: Date },
  },
  { minimize: false },
);
schema.index(
  { deliveryKey: 1 },
  { unique: true, partialFilterExpression: { deliveryKey: { $type: 'string' } } },
);
schema.index({ phase: 1, acceptedAt: 1 }, { partialFilterExpression: { phase: 'accepted' } });
// How many wait at an instance, which the door counts, and the oldest of them.
schema.index({ instanceId: 1, acceptedAt: 1 }, { partialFilterExpression: { phase: 'accepted' } });
// An index of its own: MongoDB refuses another filter for an index of the same keys that is there.
schema.index(
  { checkedAt: 1, acceptedAt: 1 },
  { partialFilterExpression: { phase: { $in: ['accepted', 'running'] } } },
);
// What stands in queues, by arrival: only runs of flows that have one.
schema.index(
  { 'queue.state': 1, 'queue.key': 1, 'queue.order': 1 },
  { partialFilterExpression: { 'queue.state': { $in: ['entering', 'waiting', 'admitted'] } } },
);
for (const field of ['queue.slot', 'queue.dedupeKey']) {
  schema.index({ [field]: 1 }, { unique: true, partialFilterExpression: { [field]: { $type: 'string' } } });
}
schema.index(
  { requestKey: 1, acceptedAt: 1 },
  { partialFilterExpression: { requestKey: { $type: 'string' } } },
);
schema.index(
  { 'retryOf.rootId': 1, acceptedAt: 1 },
  { partialFilterExpression: { 'retryOf.rootId': { $type: 'string' } } },
);
schema.index({ 'nextRetry.at': 1 }, { partialFilterExpression: { 'nextRetry.isMade': false } });
schema.index({ fanOutOf: 1, acceptedAt: 1 }, { partialFilterExpression: { fanOutOf: { $type: 'string' } } });
schema.index({ boardedOn: 1 }, { partialFilterExpression: { boardedOn: { $type: 'string' } } });
schema.index({ 'walk.at': 1 }, { partialFilterExpression: { 'walk.at': { $type: 'date' } } });
schema.index({ isEndUntold: 1 }, { partialFilterExpression: { isEndUntold: true } });
schema.index({ resultsDueAt: 1 }, { partialFilterExpression: { resultsDueAt: { $type: 'date' } } });
// Not by id alone: a scheduled run's id is made from its tick and carries no time.
schema.index({ organizationId: 1, acceptedAt: -1, _id: -1 });
schema.index({ instanceId: 1, acceptedAt: -1, _id: -1 });

export const executionModel = (connection: Connection) =>
  connection.model<Execution>('Execution', schema, 'executions');
