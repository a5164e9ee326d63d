import { heldMemory, MEASURED } from '../held-memory';
import { startWorkerProcess, type WorkerProcess } from '../worker-process';

/** A worker process that can be asked what it holds. */
export interface MeasuredWorker extends WorkerProcess {
  /** MiB after a collection of garbage. */
  memory(): Promise<{ heapMb: number; rssMb: number }>;
}

export async function startMeasuredWorker(env: Record<string, string>): Promise<MeasuredWorker> {
  const worker = await startWorkerProcess(env, MEASURED);
  return {
    ...worker,
    async memory() {
      const { heapUsed, external, rss } = await heldMemory(worker.process);
      return { heapMb: Math.round((heapUsed + external) / 2 ** 20), rssMb: Math.round(rss / 2 ** 20) };
    },
  };
}
