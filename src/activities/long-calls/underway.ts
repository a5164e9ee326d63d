import type { Execution } from '../../store/models/execution.model';

/** What a segment is at, as its walk tells. */
export interface Underway {
  /** Once the segment has begun. */
  execution?: Execution;
  /** Since when a call has been under way, ms since 1970; null between calls. */
  sinceMs: number | null;
}
