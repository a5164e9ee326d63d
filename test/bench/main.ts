/** `npm run bench`: loads the product and plain Temporal workflows side by side; only prints, asserts nothing. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { reasonOf } from '../../src/dev/dev-error';
import { createProgress, type Progress } from '../../src/dev/progress';
import { type BenchOptions, HELP, parseOptions } from './options';
import { goalsOf } from './report/goals';
import { type Row, rowOf } from './report/rows';
import { describeGoals, describeStudy, describeWork } from './report/text';
import { runWork, type WorkResult } from './run-work';
import { type Stack, startStack } from './stack/stack';
import type { Study } from './studies/study';
import type { Target } from './targets/target';
import { startTemporal } from './targets/temporal';
import { startTenon, type TenonTarget } from './targets/tenon';
import type { Work } from './works/works';

const TARGETS: Record<Target['name'], (stack: Stack) => Promise<Target>> = {
  tenon: startTenon,
  temporal: startTemporal,
};

interface Bench {
  options: BenchOptions;
  progress: Progress;
  signal: AbortSignal;
  stack: Stack;
  /** What runs now. */
  running: { target?: Target };
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options.isHelp) {
    process.stdout.write(HELP);
    return 0;
  }
  const progress = createProgress(process.stderr);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const { signal } = stopping;
  const stack = await startStack(process.env, progress, signal);
  const bench: Bench = { options, progress, signal, stack, running: {} };
  let code = 1;
  try {
    code = await Promise.race([runAll(bench), interrupted(signal)]);
  } finally {
    await bench.running.target?.stop();
    await stack.stop(code === 1);
  }
  return code;
}

async function runAll(bench: Bench): Promise<number> {
  const { options } = bench;
  const rows: Row[] = [];
  let hasFailed = false;
  for (const work of options.works) {
    const results: WorkResult[] = [];
    for (const [name, start] of Object.entries(TARGETS)) {
      try {
        results.push(await runOn(bench, start, work));
      } catch (error) {
        if (bench.signal.aborted) return 130;
        hasFailed = true;
        process.stdout.write(`\n${work.name} on ${name}: FAILED: ${reasonOf(error)}\n`);
      }
    }
    process.stdout.write(describeWork(results));
    rows.push(...results.map(rowOf));
  }
  for (const study of options.studies) {
    try {
      const { rows: found, lines } = await runStudy(bench, study);
      process.stdout.write(describeStudy(study, lines, found));
      rows.push(...found);
    } catch (error) {
      if (bench.signal.aborted) return 130;
      hasFailed = true;
      process.stdout.write(`\n${study.name}: FAILED: ${reasonOf(error)}\n`);
    }
  }
  const goals = goalsOf(rows);
  if (goals.length > 0) process.stdout.write(describeGoals(goals));
  if (options.jsonFile !== undefined) {
    const [cpu] = cpus();
    const machine = { processor: cpu?.model ?? '', cores: cpus().length, memoryMb: totalmem() / 2 ** 20 };
    writeFileSync(options.jsonFile, `${JSON.stringify({ rows, goals, machine }, null, 2)}\n`);
  }
  return hasFailed || rows.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

/** Each target has fresh processes for each work, and is gone while the other one runs. */
async function runOn(
  { options, progress, stack, running }: Bench,
  start: (stack: Stack) => Promise<Target>,
  work: Work,
): Promise<WorkResult> {
  const target = await start(stack);
  running.target = target;
  const task = progress.task(`${work.name} on ${target.name}`);
  try {
    return await runWork(stack, target, work, options.seconds);
  } finally {
    task.done();
    delete running.target;
    await target.stop();
  }
}

/** A study has fresh processes too, if it wants any. */
async function runStudy({ options, progress, stack, running }: Bench, study: Study) {
  let target: Promise<TenonTarget> | undefined;
  const product = async () => {
    target ??= startTenon(stack);
    running.target = await target;
    return target;
  };
  const task = progress.task(study.name);
  try {
    return await study.run({ stack, seconds: options.seconds, product });
  } finally {
    task.done();
    delete running.target;
    await (await target)?.stop();
  }
}

function interrupted(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(130), { once: true }));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`npm run bench: ${reasonOf(error)}\n`);
    process.exit(1);
  },
);
