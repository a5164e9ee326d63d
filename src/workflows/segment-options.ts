import { ActivityCancellationType } from '@temporalio/workflow';

/** Infrastructure faults are tried again until the run's own deadline. */
const RETRY = {
  initialInterval: '500 milliseconds',
  backoffCoefficient: 2,
  maximumInterval: '10 seconds',
} as const;

/** How a segment is run as an activity: its heartbeats tell that it lives. */
export const SEGMENT_OPTIONS = {
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: '12 seconds',
  retry: RETRY,
} as const;

/**
 * How the first segment of a workflow is run: in the worker that has its workflow task, which costs the server
 * nothing. A dead worker is found by the timeout of that task.
 */
export const LOCAL_SEGMENT = {
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '24 hours',
  // It stops at its next step boundary; the driver does not wait for it.
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: RETRY,
} as const;
