import { publishPackage } from '../../support/published-packages';
import type { Measured } from '../measure/measured-load';
import { sumOf } from '../measure/processor-time';
import { type Row, rounded, roundedAll, studyRow } from '../report/rows';
import { deployWork } from '../stack/deploy-work';
import type { TenonTarget } from '../targets/tenon';
import { publisherOf } from './publish';
import { EMPTY, PACKAGE, STEP_KINDS, STEPS, type StepKind } from './step-kinds';
import { load, type Study, type StudyContext } from './study';

/** Callers of the load for the processor time and the throughput. */
const BUSY_CALLERS = 4;
const WARM_UP = 8;
const COUNT_LIMIT_MS = 10_000;
/** What the product does not consist of. */
const AROUND = new Set(['service', 'load']);

interface KindFigures {
  kind: StepKind;
  /** One caller, one run after the other. */
  single: Measured;
  busy: Measured;
  faults: string[];
}

/** Runs of many steps of one kind each, against runs without steps. */
export const steps: Study = {
  name: 'STEPS',
  about: `cost of a step by kind, from runs of ${STEPS} of each; no plain workflow beside it`,
  async run(context) {
    const target = await context.product();
    const { upload } = await publishPackage(await publisherOf(target.product), PACKAGE);
    if (upload.status !== 200) throw new Error(`The package was refused: ${upload.body}`);
    // The first round is for the processes to become warm.
    await measureKind(context, target, EMPTY);
    const empty = await measureKind(context, target, EMPTY);
    const rows: Row[] = [];
    for (const kind of STEP_KINDS) rows.push(rowOf(await measureKind(context, target, kind), empty));
    return { rows, lines: linesOf(rows, empty) };
  },
};

async function measureKind(context: StudyContext, target: TenonTarget, kind: StepKind): Promise<KindFigures> {
  const { stack, seconds } = context;
  const path = `/STEPS/${kind.name}`;
  const flows = (serviceUrl: string) => [
    { name: 'Main', isSynchronous: true, steps: kind.steps(serviceUrl) },
  ];
  const name = `STEPS ${kind.name}`;
  const destinations = await deployWork(
    target.product,
    { name, flows, customers: 1 },
    `${stack.serviceUrl}${path}`,
  );
  const warmUp = await load(context, target, destinations, { callers: BUSY_CALLERS, total: WARM_UP });
  const sendForMs = seconds * 500;
  const single = await load(context, target, destinations, { sendForMs });
  const busy = await load(context, target, destinations, { callers: BUSY_CALLERS, sendForMs });
  const ids = [...warmUp.ids, ...single.ids, ...busy.ids];
  const faults = [...warmUp.faults, ...single.faults, ...(await target.faults({ steps: kind.results }, ids))];
  const calls = await stack.service.ask<number>('count', path, COUNT_LIMIT_MS);
  const expected = ids.length * kind.calls;
  if (calls !== expected) faults.push(`the service was called ${calls} times, not ${expected}`);
  return { kind, single, busy, faults };
}

/** What a step adds to a run without steps. */
function rowOf({ kind, single, busy, faults }: KindFigures, empty: KindFigures): Row {
  const cpuMsPerStep = Object.fromEntries(
    Object.entries(productOnly(busy)).map(([name, ms]) => [
      name,
      (ms - (productOnly(empty.busy)[name] ?? 0)) / STEPS,
    ]),
  );
  const details = {
    kind: kind.about,
    stepsPerRun: STEPS,
    runs: single.executions + busy.executions,
    msPerStep: exact((single.answerMs.p50 - empty.single.answerMs.p50) / STEPS),
    stepsPerSecond: rounded(busy.executionsPerSecond * STEPS),
    cpuMsPerStep: exact(sumOf(Object.values(cpuMsPerStep))),
    cpuMsPerStepByProcess: Object.fromEntries(
      Object.entries(cpuMsPerStep).map(([name, ms]) => [name, exact(ms)]),
    ),
    emptyRun: {
      ms: rounded(empty.single.answerMs.p50),
      cpuMs: roundedAll(productOnly(empty.busy)),
    },
  };
  return studyRow(`STEPS-${kind.name}`, { busy, times: single.answerMs }, details, faults);
}

function productOnly({ cpuMsPerExecution }: Measured): Record<string, number> {
  return Object.fromEntries(Object.entries(cpuMsPerExecution).filter(([name]) => !AROUND.has(name)));
}

/** A step takes fractions of a millisecond. */
const exact = (value: number): number => Math.round(value * 10_000) / 10_000;

function linesOf(rows: Row[], { single }: KindFigures): string[] {
  const lines = ['  kind          ms/step   CPU ms   steps/s   CPU ms by process'];
  for (const { work, details } of rows) {
    const { msPerStep, cpuMsPerStep, stepsPerSecond, cpuMsPerStepByProcess } = details as {
      msPerStep: number;
      cpuMsPerStep: number;
      stepsPerSecond: number;
      cpuMsPerStepByProcess: Record<string, number>;
    };
    const parts = Object.entries(cpuMsPerStepByProcess).map(([name, ms]) => `${name} ${ms.toFixed(3)}`);
    const cells = [msPerStep.toFixed(3), cpuMsPerStep.toFixed(3), stepsPerSecond.toFixed(0)];
    const shown = cells.map((cell) => cell.padStart(9)).join('');
    lines.push(`  ${work.padEnd(13)}${shown}   ${parts.join(' + ')}`);
  }
  lines.push(`  taken off: a run without steps, ${single.answerMs.p50.toFixed(1)} ms`);
  return lines;
}
