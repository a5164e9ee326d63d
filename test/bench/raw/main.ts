/** A worker for the plain workflows, a process of its own. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { answerQuestions } from '../stack/answer-questions';
import { createActivities } from './activities';
import { openLargeValues } from './large-values';

export interface RawWorkerSetup {
  temporalAddress: string;
  taskQueue: string;
  mongodbUri: string;
  bundleFile: string;
}

/** Workflows that have ended since they were asked for last. */
export type EndedWorkflows = { id: string; endedAtMs: number }[];

/** As the product's worker has by default. */
const SLOTS = 100;
const CACHED_WORKFLOWS = 500;

let ends: EndedWorkflows = [];
let worker: Worker | undefined;
let running: Promise<void> | undefined;

async function start(setup: RawWorkerSetup): Promise<void> {
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('INFO') });
  worker = await Worker.create({
    connection: await NativeConnection.connect({ address: setup.temporalAddress }),
    taskQueue: setup.taskQueue,
    workflowBundle: { codePath: setup.bundleFile },
    activities: createActivities(await openLargeValues(setup.mongodbUri)),
    sinks: {
      bench: {
        ended: {
          fn: (_info, id: string) => {
            ends.push({ id, endedAtMs: Date.now() });
          },
        },
      },
    },
    maxConcurrentActivityTaskExecutions: SLOTS,
    maxConcurrentWorkflowTaskExecutions: SLOTS,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
    maxCachedWorkflows: CACHED_WORKFLOWS,
    shutdownGraceTime: '1 second',
  });
  running = worker.run();
  running.catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
}

answerQuestions(
  {
    start,
    ends: () => {
      const found = ends;
      ends = [];
      return found;
    },
  },
  async () => {
    if (worker?.getState() === 'RUNNING') worker.shutdown();
    await running;
  },
);
