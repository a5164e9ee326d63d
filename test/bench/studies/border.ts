import { createRunnerPool } from '../../../src/components/runner/pool';
import type { Row } from '../report/rows';
import { BORDER_WORKS, measureBorder } from '../runner-border/border';
import type { Figures } from '../runner-border/load';
import { type Study, scaled } from './study';

const MEMORY_MB = 512;

/** The way of a step into a runner process and back, without the rest of the product. */
export const border: Study = {
  name: 'BORDER',
  about: 'the border between worker and runner, for one step; this process stands for the worker',
  async run({ seconds }) {
    const pool = createRunnerPool({ size: 1, memoryMb: MEMORY_MB });
    try {
      const { figures, connections } = await measureBorder(pool, (runs) => scaled(runs, seconds));
      const { level } = pool.confinement;
      return {
        rows: [rowOf(figures, { confinement: level, connections })],
        lines: [...linesOf(figures), `  confinement ${level}; the posts opened ${connections} connections`],
      };
    } finally {
      await pool.close();
    }
  },
};

/** By the trivial step: its throughput of many at once, its times one after the other. */
function rowOf(figures: Record<string, Figures>, details: Record<string, unknown>): Row {
  const single = figures[BORDER_WORKS.trivial];
  const busy = figures[BORDER_WORKS.trivialAtOnce];
  if (single === undefined || busy === undefined) throw new Error('The border has no figures.');
  return {
    work: 'BORDER',
    target: 'tenon',
    executionsPerSecond: busy.perSecond,
    ackP50Ms: Number.NaN,
    ackP95Ms: Number.NaN,
    endToEndP50Ms: exact(single.p50Ms),
    endToEndP95Ms: exact(single.p95Ms),
    cpuMsPerExecution: { worker: exact(busy.workerCpuMs), runners: exact(busy.runnerCpuMs) },
    peakRssMb: Number.NaN,
    acknowledgedPerSecond: Number.NaN,
    executions: busy.calls,
    faults: [],
    details: { ...details, figures: Object.fromEntries(Object.entries(figures).map(roundedFigures)) },
  };
}

const roundedFigures = ([name, figures]: [string, Figures]) => [
  name,
  Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, exact(value as number)])),
];

const exact = (value: number): number => Math.round(value * 10_000) / 10_000;

function linesOf(figures: Record<string, Figures>): string[] {
  return Object.entries(figures).map(([name, { perSecond, p50Ms, p95Ms, workerCpuMs, runnerCpuMs }]) => {
    const cpu = `CPU ms per step: worker ${workerCpuMs.toFixed(3)} + runner ${runnerCpuMs.toFixed(3)}`;
    return `  ${name.padEnd(56)}${perSecond.toFixed(0).padStart(7)}/s  p50/p95 ${p50Ms.toFixed(2)} / ${p95Ms.toFixed(2)} ms  ${cpu}`;
  });
}
