import { startWorkerProcess, type WorkerProcess } from '../worker-process';

/** A worker process that can be asked what it holds. */
export interface MeasuredWorker extends WorkerProcess {
  /** MiB after a collection of garbage. */
  memory(): Promise<{ heapMb: number; rssMb: number }>;
}

export async function startMeasuredWorker(env: Record<string, string>): Promise<MeasuredWorker> {
  const preload = require.resolve('../memory-on-signal.cjs');
  const worker = await startWorkerProcess(env, ['--expose-gc', '--require', preload]);
  return {
    ...worker,
    async memory() {
      const answer = new Promise<NodeJS.MemoryUsage>((resolve) => {
        worker.process.once('message', (message) =>
          resolve((message as { memory: NodeJS.MemoryUsage }).memory),
        );
      });
      worker.process.kill('SIGUSR2');
      const { heapUsed, external, rss } = await answer;
      return { heapMb: Math.round((heapUsed + external) / 2 ** 20), rssMb: Math.round(rss / 2 ** 20) };
    },
  };
}
