import type { Journal } from '../services/journal/read-journal';
import type { Execution } from '../store/models/execution.model';
import type { SegmentInput } from '../temporal/contract';
import type { executionLog } from './execution-log';
import type { Lease } from './lease';
import type { RunDeps } from './run-deps';
import type { RunEnvironment } from './run-environment';

/** Everything that one segment of one execution works with. */
export interface SegmentRun {
  deps: RunDeps;
  execution: Execution;
  environment: RunEnvironment;
  journal: Journal;
  input: SegmentInput;
  /** Aborted when the activity is cancelled. */
  signal: AbortSignal;
  lease: Lease;
  log: ReturnType<typeof executionLog>;
}
