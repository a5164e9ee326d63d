import { join } from 'node:path';
import threads from 'node:worker_threads';

/** The SDK's program of a thread for workflows. */
const PROGRAM = require.resolve('@temporalio/worker/lib/workflow/workflow-worker-thread');
const PRELUDE = join(__dirname, 'workflow-thread-prelude.cjs');
/** Workflows make little: room for more would only be filled before it is collected. */
const YOUNG_MB = 6;

class Thread extends threads.Worker {
  constructor(program: string | URL, options: threads.WorkerOptions = {}) {
    const quiet = {
      execArgv: ['--require', PRELUDE],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    };
    super(program, program === PROGRAM ? { ...options, ...quiet } : options);
  }
}

/**
 * Lets the workers that are created from now on have threads in which the SDK takes no stack trace at each promise of a
 * workflow. They take half of a workflow's time, serve Temporal's query `__stack_trace` alone, which answers none now, and
 * would name lines of our drivers: where an execution stands is in its workflow's current details. The SDK has no setting
 * for it.
 */
export function keepThreadsQuiet(): void {
  Object.assign(threads, { Worker: Thread });
}
