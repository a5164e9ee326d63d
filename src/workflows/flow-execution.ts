import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  DriverActivities,
  DriverInput,
  NextMove,
  SegmentInput,
  SegmentResult,
} from '../temporal/contract';
import { LOOK_SIGNAL } from '../temporal/contract';
import { type DriverStatus, SEARCH_ATTRIBUTES } from '../temporal/search-attribute-keys';
import { failed } from './failed';
import { LOCAL_SEGMENT, SEGMENT_OPTIONS } from './segment-options';
import { StepTable } from './step-table';

type Segments = Record<string, (input: SegmentInput) => Promise<SegmentResult>>;
const segments = proxyActivities<Segments>(SEGMENT_OPTIONS);
const firstSegments = proxyLocalActivities<Segments>(LOCAL_SEGMENT);
const { recordFailure } = proxyActivities<DriverActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * The driver of one execution: hands out segments and waits in between. What the flow does is decided by the
 * walker inside the segments; only durable things happen here. A failed flow fails its workflow.
 */
export async function flowExecution(input: DriverInput): Promise<void> {
  let { executionId } = input;
  let index = input.index ?? 0;
  let handout = firstHandout(input);
  let isToLook = false;
  setHandler(defineSignal(LOOK_SIGNAL), () => {
    isToLook = true;
  });
  /** Sleeps until the time, or until the execution's record is to be looked at. */
  const look = async (ms: number): Promise<void> => {
    await condition(() => isToLook, ms);
    isToLook = false;
  };
  const table = new StepTable(input.stepsBefore);
  const pause = async (status: DriverStatus, ms: number): Promise<void> => {
    showStatus(status);
    await look(ms);
    showStatus('RUNNING');
    setCurrentDetails(table.markdown());
  };
  for (;;) {
    const segment = segmentInput(input, executionId, index, handout.maxActions);
    const { activityType } = handout;
    const result = await orRecordFailure(executionId, () => runSegment(activityType, segment));
    if (executionId === undefined) showExecution(result.executionId);
    executionId = result.executionId;
    const { next } = result;
    if (next.kind === 'walked') {
      setCurrentDetails(WALKED);
      await orRecordFailure(executionId, () => look(LOOK_AT_WALKED_MS));
      // Which action comes next is to be found out.
      handout = firstHandout(input);
      continue;
    }
    index += 1;
    table.add(result.steps, result.untoldSteps);
    table.follow(next);
    setCurrentDetails(table.markdown(next.kind === 'held' ? HELD : undefined));
    if (next.kind === 'done') return finish(next);
    if (next.kind === 'queued') return;
    if (next.kind === 'wait') await orRecordFailure(executionId, () => pause('WAITING', next.ms));
    if (next.kind === 'held') await orRecordFailure(executionId, () => pause('HELD', LOOK_AT_HELD_MS));
    handout = nextHandout(input, next);
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof flowExecution>({
        ...input,
        executionId,
        index,
        stepsBefore: table.total,
      });
    }
  }
}

/** A signal that got lost costs a resumed execution this long. */
const LOOK_AT_HELD_MS = 10 * 60_000;

/** What is shown above the steps meanwhile. */
const HELD = 'The execution is held: it goes on when it is resumed or cancelled.';

/** The sweeper tells it when the worker that walks has died, should that not tell it of the end. */
const LOOK_AT_WALKED_MS = 10 * 60_000;
/** What is shown meanwhile. */
const WALKED = 'A step takes long: its worker tells when it is over.';

/** Costs an event, so only a driver that waits or is held has a status. */
function showStatus(status: DriverStatus): void {
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.status, value: status }]);
}

/** A scheduled run is started without an execution; its first segment has made one, unless the flow is gone. */
function showExecution(executionId: string): void {
  if (executionId === '') return;
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.executionIds, value: [executionId] }]);
}

/** Type of the activities that are no component's action. */
const FIND_OR_RUN = 'runSegment';

/** What the next activity is called, and how many actions it may run. */
interface Handout {
  activityType: string;
  maxActions: number | null;
}

/** Actions that are alone in their activity give it their type; a segment without any finds which comes first. */
function firstHandout({ stepsPerActivity }: DriverInput): Handout {
  return { activityType: FIND_OR_RUN, maxActions: stepsPerActivity === 1 ? 0 : stepsPerActivity };
}

function nextHandout(input: DriverInput, next: NextMove): Handout {
  if (next.kind !== 'action' || input.stepsPerActivity !== 1) return firstHandout(input);
  return { activityType: next.activityType, maxActions: 1 };
}

async function runSegment(activityType: string, input: SegmentInput): Promise<SegmentResult> {
  const isFirst = input.index === 0 && activityType === FIND_OR_RUN;
  const run = (isFirst ? firstSegments : segments)[activityType];
  if (!run) throw ApplicationFailure.nonRetryable(`No activity of type ${activityType}.`);
  return run(input);
}

/** Ends the execution when the driver itself cannot go on. A segment ends every run that it can. */
async function orRecordFailure<T>(executionId: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = describe(error);
    const { workflowId } = workflowInfo();
    await CancellationScope.nonCancellable(() =>
      recordFailure({ ...(executionId && { executionId }), ...failure, workflowId }),
    );
    if (isCancellation(error)) throw error;
    throw failed(failure.message, failure.code);
  }
}

function describe(error: unknown): { code: string; message: string } {
  if (isCancellation(error)) return { code: 'cancelled', message: 'The execution was cancelled.' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'internal') : 'infrastructure';
  return { code, message: `The segment could not be run (${code}).` };
}

function segmentInput(
  { scheduledFlowConfigId }: DriverInput,
  executionId: string | undefined,
  index: number,
  maxActions: number | null,
): SegmentInput {
  if (executionId !== undefined) return { executionId, index, maxActions };
  if (scheduledFlowConfigId === undefined)
    throw ApplicationFailure.nonRetryable('The driver got no execution.');
  const { workflowId, runId } = workflowInfo();
  return { schedule: { flowConfigId: scheduledFlowConfigId, workflowId, runId }, index, maxActions };
}

function finish(next: Extract<NextMove, { kind: 'done' }>): void {
  if (!next.isFailed) return;
  const where = next.error?.step ? `Step '${next.error.step}' failed` : 'The flow failed';
  const code = next.error?.code ?? 'internal';
  throw failed(`${where} (${code}).`, code);
}
