import type { FinishedStep, Suspension } from '../engine/walker-host';
import { endUnchangedPoll } from './end-unchanged-poll';
import { fanOutItems } from './fan-out/fan-out-items';
import { waitInQueue } from './queue/enter-queue';
import { noteRequestId } from './retry/note-request-id';
import type { SegmentHost } from './segment-host';

/**
 * Looks at what a trigger left and may end the walk there. It is asked again when a crash comes before the first
 * step behind the trigger has finished, so it must bear that. One that answers `queued` or hands the run on stores
 * that itself, after `host.settled()`: the walk then lets go of the run without a further write.
 */
export type AfterTrigger = (host: SegmentHost, finished: FinishedStep) => Promise<Suspension | undefined>;

/** Asked in this order; the first suspension counts. */
const AFTER_TRIGGER: readonly AfterTrigger[] = [
  endUnchangedPoll,
  noteUnlessDeduped,
  fanOutItems,
  waitInQueue,
];

/** What must happen between a trigger and the rest of its flow, if anything. */
export async function afterTrigger(
  host: SegmentHost,
  finished: FinishedStep,
): Promise<Suspension | undefined> {
  for (const ask of AFTER_TRIGGER) {
    const suspension = await ask(host, finished);
    if (!suspension) continue;
    // One that was let go is noted again when it is admitted, should a crash come before this.
    if (isDeduped(host) && !isNoRequest(suspension)) await noteRequestId(host, finished);
    return suspension;
  }
  return isDeduped(host) ? noteRequestId(host, finished) : undefined;
}

async function noteUnlessDeduped(host: SegmentHost, finished: FinishedStep): Promise<undefined> {
  if (!isDeduped(host)) await noteRequestId(host, finished);
}

/**
 * Whether a run of the flow may turn out a duplicate in its queue. That one never runs, so it must not take the place
 * of an attempt at an older request: such flows note the request's id behind the queue's word.
 */
function isDeduped({ run: { execution, environment } }: SegmentHost): boolean {
  const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  return flow?.queue?.dedupeId !== undefined;
}

/** Nothing comes of these. */
const isNoRequest = (suspension: Suspension): boolean =>
  suspension.kind === 'ended' && suspension.resultType !== 'COMPLETED';
