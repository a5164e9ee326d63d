import type { WalkEnd } from '../engine/walker';
import type { EarlyResultType, Suspension } from '../engine/walker-host';
import { isInLane } from '../services/executions/queue/leave-queue';
import { armWait } from '../services/executions/run/arm-wait';
import { endExecution } from '../services/executions/run/end-execution';
import { markTold } from '../services/executions/run/tell-ends';
import { clearAtEnd } from '../services/journal/clear-outputs';
import { newerSegment } from '../services/journal/fenced-error';
import { lastLines } from '../services/logs/frame-lines';
import type { ExecutionError } from '../store/models/execution.model';
import type { NextMove } from '../temporal/contract';
import { answerOfLastStep } from './flow-answer';
import { pushLeft } from './push-left';
import type { SegmentHost } from './segment-host';
import { waitingLine } from './step-lines';

/** Stores how a walk ended, and tells the driver what comes next. */
export async function endOfWalk(host: SegmentHost, end: WalkEnd): Promise<NextMove> {
  const { execution } = host.run;
  await host.settled();
  if (end.kind === 'suspended') {
    const { suspension } = end;
    if (suspension.kind === 'ended') return endEarly(host, suspension.resultType);
    if (suspension.kind === 'failed') {
      const { step, error } = suspension;
      return finish(host, { ...error, stepKey: step.key, stepName: step.name });
    }
    if (suspension.kind !== 'cancelled') return suspend(host, suspension);
    return finish(host, { ...CANCELLED, stepKey: null, stepName: null });
  }
  if (end.kind === 'failed')
    return finish(host, { ...end.error, stepKey: end.step.key, stepName: end.step.name });
  return finish(host, null, execution.isSynchronous ? answerOfLastStep(end.last) : undefined);
}

/** The answer of a synchronous caller is empty: no step ran. */
function endEarly(host: SegmentHost, resultType: EarlyResultType): Promise<NextMove> {
  const answer = host.run.execution.isSynchronous ? answerOfLastStep(undefined) : undefined;
  return finish(host, null, answer, resultType);
}

const CANCELLED = { code: 'cancelled', message: 'The execution was cancelled.' };

async function suspend(
  { run: { deps, execution } }: SegmentHost,
  suspension: Exclude<Suspension, { kind: 'cancelled' | 'ended' | 'failed' }>,
): Promise<NextMove> {
  if (suspension.kind === 'held' || suspension.kind === 'queued') pushLeft(deps, execution);
  if (suspension.kind !== 'wait') return suspension;
  await armWait(deps, execution, suspension.wait);
  pushLeft(deps, execution);
  const ms = Math.max(suspension.wait.untilMs - Date.now(), 1);
  return { kind: 'wait', ms, step: waitingLine(suspension) };
}

async function finish(
  host: SegmentHost,
  error: ExecutionError | null,
  answer?: ReturnType<typeof answerOfLastStep>,
  resultType?: EarlyResultType,
): Promise<NextMove> {
  const { deps, execution } = host.run;
  // Before the end, which makes them safe, so that a run that has ended has all of its steps' lines.
  await deps.logs.flush();
  // Before the end is told: what runs next reads them. A duplicate leaves nothing but its end.
  if (error === null && resultType !== 'CANCELED_AS_DUPLICATE') await host.states.write();
  // A segment or a batch that died here is begun again and repeats the last lines; a queue's lane is not.
  const isUntold = isInLane(execution);
  const ended = await endExecution(
    deps,
    execution,
    {
      error,
      stepCount: host.stepCount,
      ...(answer && { answer }),
      ...(resultType && { resultType }),
    },
    { isUntold },
  );
  if (!ended) throw newerSegment();
  pushLeft(deps, execution, answer && ended.error === null ? { answer } : {});
  for (const line of lastLines(ended, host.run.environment.instance.name)) deps.logs.append(line);
  // In a lane the next one waits for this one to be over.
  await (isUntold ? deps.logs.flush({ isSafe: true }) : deps.logs.flushSoon());
  if (isUntold) await markTold(deps, [execution._id]);
  await clearAtEnd(deps, ended);
  return { kind: 'done', isFailed: ended.error !== null, ...failureOf(ended.error) };
}

/** What a driver is told of an error: its code and step, no text of a component. */
export function failureOf(error: ExecutionError | null): Pick<Extract<NextMove, { kind: 'done' }>, 'error'> {
  if (!error) return {};
  const { code, stepName } = error;
  return { error: { code, message: code, ...(stepName && { step: stepName }) } };
}
