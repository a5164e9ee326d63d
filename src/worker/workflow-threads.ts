import { join } from 'node:path';
import threads from 'node:worker_threads';

const PRELUDE = join(__dirname, 'workflow-thread-prelude.cjs');
/** Workflows make little: room for more would only be filled before it is collected. */
const YOUNG_MB = 6;

/**
 * Lets the worker that `create` makes have threads in which the SDK takes no stack trace at each promise of a workflow.
 * They take half of a workflow's time, serve Temporal's query `__stack_trace` alone, which answers none now, and would
 * name lines of our drivers: where an execution stands is in its workflow's current details. The SDK has no setting for it.
 */
export async function withQuietThreads<T>(create: () => Promise<T>): Promise<T> {
  const { Worker } = threads;
  class QuietThread extends Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      super(file, {
        ...options,
        execArgv: ['--require', PRELUDE],
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      });
    }
  }
  Object.assign(threads, { Worker: QuietThread });
  try {
    return await create();
  } finally {
    Object.assign(threads, { Worker });
  }
}
