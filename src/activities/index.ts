import { Context } from '@temporalio/activity';
import type { DriverActivities, SegmentInput, SegmentResult } from '../temporal/contract';
import { asActivityFailure } from './activity-failure';
import { recordFailure } from './record-failure';
import type { RunDeps } from './run-deps';
import { runSegment } from './run-segment';

/** A dead worker is found after the 12 s that the driver grants. */
const HEARTBEAT_EVERY_MS = 4000;

/**
 * The activities of a worker. Segments have many types, `runSegment` and every `component.action`, and one
 * implementation: Temporal asks `default` for each type that it finds no other for.
 */
export function createActivities(
  deps: RunDeps,
): DriverActivities & { default: (input: SegmentInput) => Promise<SegmentResult> } {
  return {
    default: (input) =>
      asActivityFailure(async () => {
        const { info, cancellationSignal } = Context.current();
        return heartbeating(() =>
          runSegment(deps, input, { runId: info.workflowExecution?.runId ?? '', signal: cancellationSignal }),
        );
      }),
    recordFailure: (failure) => asActivityFailure(() => recordFailure(deps, failure)),
  };
}

async function heartbeating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
