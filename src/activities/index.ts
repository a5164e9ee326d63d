import { Context } from '@temporalio/activity';
import type { DriverActivities, SegmentInput, SegmentResult } from '../temporal/contract';
import { asActivityFailure } from './activity-failure';
import { heartbeating } from './lease';
import { recordFailure } from './record-failure';
import type { RunDeps } from './run-deps';
import { runSegment } from './run-segment';

/**
 * The activities of a worker. Segments have many types, `runSegment` and every `component.action`, and one
 * implementation: Temporal asks `default` for each type that it finds no other for.
 */
export function createActivities(
  deps: RunDeps,
): DriverActivities & { default: (input: SegmentInput) => Promise<SegmentResult> } {
  return {
    default: (input) => {
      const context = Context.current();
      const { info, cancellationSignal: signal } = context;
      const runId = info.workflowExecution?.runId ?? '';
      const segment = () =>
        heartbeating(context, (lease) => runSegment(deps, input, { runId, signal, lease }));
      return asActivityFailure(segment, info.attempt);
    },
    recordFailure: (failure) => asActivityFailure(() => recordFailure(deps, failure)),
  };
}
