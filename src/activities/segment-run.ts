import type { Journal } from '../services/journal/read-journal';
import type { Execution } from '../store/models/execution.model';
import type { executionLog } from './execution-log';
import type { Lease } from './lease';
import type { Underway } from './long-calls/underway';
import type { RunDeps } from './run-deps';
import type { RunEnvironment } from './run-environment';

/** What ends a segment though its flow has not ended. */
export interface SegmentLimits {
  /** Aborted when the activity is cancelled. */
  signal: AbortSignal;
  lease: Lease;
  /** It hands over at the first step boundary after so many milliseconds. */
  budgetMs: number;
  /** Actions that it may run: null for no limit, 0 to only find the next one. */
  maxActions: number | null;
  /** Where somebody wants to know what it is at. */
  underway?: Underway;
}

/** Everything that one segment of one execution works with. */
export interface SegmentRun {
  deps: RunDeps;
  execution: Execution;
  environment: RunEnvironment;
  journal: Journal;
  limits: SegmentLimits;
  log: ReturnType<typeof executionLog>;
}
