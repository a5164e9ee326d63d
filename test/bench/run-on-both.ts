import { reasonOf } from '../../src/dev/dev-error';
import type { Progress } from '../../src/dev/progress';
import { fewAtOnce } from '../../src/store/few-at-once';
import type { BenchOptions } from './options';
import { runWork, type WorkResult } from './run-work';
import type { Subject } from './scenarios/context';
import type { Stack } from './stack/stack';
import type { Target } from './targets/target';
import { startTemporal } from './targets/temporal';
import { startTenon } from './targets/tenon';
import type { Work } from './works/works';

/** One run of the bench. */
export interface Bench {
  options: BenchOptions;
  progress: Progress;
  signal: AbortSignal;
  stack: Stack;
  /** What lives now. */
  running: Set<Target>;
}

type Start = (stack: Stack) => Promise<Target>;

/** In the order in which they are told. */
const TARGETS: readonly [Target['name'], Start][] = [
  ['tenon', startTenon],
  ['temporal', startTemporal],
];

/**
 * Runs a work on both targets, a load of the one after a load of the other: so both meet the same minutes of a
 * machine whose speed changes. Each has fresh processes for each work, and is at rest while the other one is loaded.
 */
export async function runOnBoth(bench: Bench, work: Work) {
  const task = bench.progress.task(work.name);
  const inTurn = fewAtOnce(1);
  const results: WorkResult[] = [];
  const failures: string[] = [];
  const runs = TARGETS.map(async ([name, start]) => {
    try {
      return await runOn(bench, start, work, inTurn);
    } catch (error) {
      return `${work.name} on ${name}: FAILED: ${reasonOf(error)}`;
    }
  });
  for (const outcome of await Promise.all(runs)) {
    if (typeof outcome === 'string') failures.push(outcome);
    else results.push(outcome);
  }
  task.done();
  return { results, failures };
}

async function runOn(
  { options, stack, running }: Bench,
  start: Start,
  work: Work,
  inTurn: Subject['inTurn'],
): Promise<WorkResult> {
  const target = await inTurn(() => start(stack));
  running.add(target);
  try {
    return await runWork(stack, target, work, { seconds: options.seconds, inTurn });
  } finally {
    running.delete(target);
    await inTurn(() => target.stop());
  }
}
