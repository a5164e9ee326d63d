/** `npm run bench`: loads the product and plain Temporal workflows side by side; only prints, asserts nothing. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { reasonOf } from '../../src/dev/dev-error';
import { createProgress } from '../../src/dev/progress';
import { HELP, parseOptions } from './options';
import { goalsOf } from './report/goals';
import { type Row, rowOf } from './report/rows';
import { describeGoals, describeStudy, describeWork } from './report/text';
import { type Bench, runOnBoth } from './run-on-both';
import { startStack } from './stack/stack';
import type { Study } from './studies/study';
import { startTenon, type TenonTarget } from './targets/tenon';

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
  const bench: Bench = { options, progress, signal, stack, running: new Set() };
  let code = 1;
  try {
    code = await Promise.race([runAll(bench), interrupted(signal)]);
  } finally {
    await Promise.all([...bench.running].map((target) => target.stop()));
    await stack.stop(code === 1);
  }
  return code;
}

async function runAll(bench: Bench): Promise<number> {
  const { options } = bench;
  const rows: Row[] = [];
  let hasFailed = false;
  for (const work of options.works) {
    const { results, failures } = await runOnBoth(bench, work);
    if (bench.signal.aborted) return 130;
    for (const failure of failures) process.stdout.write(`\n${failure}\n`);
    if (failures.length > 0) hasFailed = true;
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

/** A study has fresh processes too, if it wants any. */
async function runStudy({ options, progress, stack, running }: Bench, study: Study) {
  let target: Promise<TenonTarget> | undefined;
  const product = async () => {
    target ??= startTenon(stack);
    running.add(await target);
    return target;
  };
  const task = progress.task(study.name);
  try {
    return await study.run({ stack, seconds: options.seconds, product });
  } finally {
    task.done();
    running.clear();
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
