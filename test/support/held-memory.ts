import type { ChildProcess } from 'node:child_process';

/** What a process holds after a collection of garbage; it is started with {@link MEASURED}. */
export async function heldMemory(child: ChildProcess): Promise<NodeJS.MemoryUsage> {
  const answer = new Promise<NodeJS.MemoryUsage>((resolve) => {
    child.once('message', (message) => resolve((message as { memory: NodeJS.MemoryUsage }).memory));
  });
  child.kill('SIGUSR2');
  return answer;
}

/** Arguments for Node. */
export const MEASURED = ['--expose-gc', '--require', require.resolve('./memory-on-signal.cjs')];
