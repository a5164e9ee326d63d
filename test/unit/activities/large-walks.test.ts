import { setTimeout as sleep } from 'node:timers/promises';
import { walkWithinMemory } from '../../../src/activities/large-walks';
import type { RunDeps } from '../../../src/activities/run-deps';
import type { Execution } from '../../../src/store/models/execution.model';

const MB = 2 ** 20;
const withBody = (bodyBytes: number) => ({ request: { bodyBytes } }) as Execution;

/** Walks of one worker, each ended by hand. */
function worker() {
  const deps = {} as RunDeps;
  const walking: string[] = [];
  const ends = new Map<string, () => void>();
  const walk = (name: string, bodyBytes: number) =>
    walkWithinMemory(deps, withBody(bodyBytes), async () => {
      walking.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      walking.splice(walking.indexOf(name), 1);
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await sleep(10);
  };
  return { walk, walking, end };
}

describe('executions with large bodies', () => {
  it('wait for one another, in order, and small ones for none of them', async () => {
    const { walk, walking, end } = worker();
    const all = [walk('first', 5 * MB), walk('second', 5 * MB), walk('third', 50 * MB)];
    all.push(...['a', 'b', 'c'].map((name) => walk(name, 1000)));
    await sleep(10);
    expect(walking).toEqual(['a', 'b', 'c', 'first']);
    await end('first');
    expect(walking).toEqual(['a', 'b', 'c', 'second']);
    await end('second');
    expect(walking).toEqual(['a', 'b', 'c', 'third']);
    for (const name of ['a', 'b', 'c', 'third']) await end(name);
    await Promise.all(all);
  });

  it('are not held up for long by one that is slow', async () => {
    const { walk, walking, end } = worker();
    const all = [walk('slow', 8 * MB), walk('next', 8 * MB)];
    await sleep(1200);
    expect(walking).toEqual(['slow', 'next']);
    await end('slow');
    await end('next');
    await Promise.all(all);
  });

  it('make room when they fail', async () => {
    const deps = {} as RunDeps;
    const failing = walkWithinMemory(deps, withBody(50 * MB), () => Promise.reject(new Error('no store')));
    await expect(failing).rejects.toThrow('no store');
    await expect(walkWithinMemory(deps, withBody(50 * MB), async () => 'walked')).resolves.toBe('walked');
  });
});
