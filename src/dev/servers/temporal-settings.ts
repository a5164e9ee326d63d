import { msToTs } from '@temporalio/common/lib/time';

/**
 * Server settings as `key=JSON value`. The development server has a single shard, whose queues it reads only
 * twenty times a second unless told otherwise: without the first two every hop waits up to 50 ms. One
 * partition a queue makes fair sharing exact and avoids the two seconds that a full leaf partition waits.
 */
export const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'worker.schedulerNamespaceStartWorkflowRPS=200',
];

/** A write-ahead journal with relaxed flushing: three times the throughput, and safe against a killed process. */
export const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

export const NAMESPACE = 'default';
/** The development server keeps histories for a day unless told otherwise. */
export const RETENTION = msToTs(7 * 24 * 3_600_000);
