import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { LoadSetup } from '../load/order';
import type { EndedWorkflows, RawWorkerSetup } from '../raw/main';
import { startBenchProcess } from '../stack/child-process';
import type { Stack } from '../stack/stack';
import type { End, Target } from './target';

const START_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 20_000;
const TASK_QUEUE = 'bench-raw';

/** Plain workflows with one activity a call: a worker alone, without a door and without records. */
export async function startTemporal(stack: Stack): Promise<Target> {
  const { servers, load, folder } = stack;
  const setup: LoadSetup = {
    temporalAddress: servers.temporalAddress,
    taskQueue: TASK_QUEUE,
    mongodbUri: servers.mongodbUri('raw'),
  };
  const bundleFile = await bundle(folder.root);
  const worker = startBenchProcess(
    'worker',
    join(__dirname, '..', 'raw', 'main.ts'),
    join(folder.logs, 'raw-worker.log'),
  );
  const ends = new Map<string, End>();
  const takeEnds = async () => {
    const found = await worker.ask<EndedWorkflows>('ends', null, ANSWER_LIMIT_MS);
    for (const { id, endedAtMs } of found) ends.set(id, { endedAtMs, isSuccess: true });
  };
  try {
    await worker.ask('start', { ...setup, bundleFile } satisfies RawWorkerSetup, START_LIMIT_MS);
    await load.ask('connect', setup, START_LIMIT_MS);
  } catch (error) {
    await worker.stop();
    throw error;
  }
  const workerGroup = { name: 'worker', pid: () => worker.pid };
  return {
    name: 'temporal',
    prepare: async (work, path) => [
      { kind: 'workflow', type: work.raw, serviceUrl: `${stack.serviceUrl}${path}` },
    ],
    processes: [
      workerGroup,
      { name: 'Temporal', pid: () => stack.pids.get('Temporal') },
      { name: 'mongod', pid: () => stack.pids.get('MongoDB') },
      { name: 'service', pid: () => stack.pids.get('service') },
      { name: 'load', pid: () => stack.pids.get('load') },
    ],
    resident: [workerGroup],
    async seemsDone(ids) {
      await takeEnds();
      return ids.every((id) => ends.has(id));
    },
    readEnds: async (ids) => new Map(ids.flatMap((id) => entryOf(ends, id))),
    faults: async () => [],
    stop: () => worker.stop(),
  };
}

function entryOf(ends: Map<string, End>, id: string): [string, End][] {
  const end = ends.get(id);
  return end === undefined ? [] : [[id, end]];
}

/** Once for each start of the worker, so that it begins with ready code as the product's does. */
async function bundle(folder: string): Promise<string> {
  const file = join(folder, 'raw-workflows.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '..', 'raw', 'workflows.ts'),
    logger: new DefaultLogger('ERROR'),
  });
  writeFileSync(file, code);
  return file;
}
