import type { Measured } from '../measure/measured-load';
import type { Spread } from '../measure/percentile';
import { sumOf } from '../measure/processor-time';
import type { WorkResult } from '../run-work';

/** One row of the JSON file: times in milliseconds, memory in MiB. */
export interface Row {
  work: string;
  target: 'tenon' | 'temporal';
  /** Of the load with many callers. */
  executionsPerSecond: number;
  /** Of one caller where the work has such a load, else of the only one. */
  ackP50Ms: number;
  ackP95Ms: number;
  endToEndP50Ms: number;
  endToEndP95Ms: number;
  /** By process. */
  cpuMsPerExecution: Record<string, number>;
  /** Highest sum over API, worker and runners; of plain workflows, the worker alone. */
  peakRssMb: number;
  acknowledgedPerSecond: number;
  executions: number;
  msPerItem?: number;
  aloneEndToEndP95Ms?: number;
  faults: string[];
  /** Of a study: what it is about. */
  details?: Record<string, unknown>;
}

/** The figures of a work by which it is judged. */
export function rowOf(result: WorkResult): Row {
  const { work, target, busy, single, quiet, alone, beside, faults } = result;
  const acknowledged = (single ?? quiet ?? beside ?? busy).ackMs;
  const ended = quiet ?? beside ?? single ?? busy;
  // Who waits has nothing before the answer, and needs nothing behind it.
  const answered = work.isSynchronous ? (single ?? busy).answerMs : undefined;
  const ack = answered !== undefined && target === 'tenon' ? answered : acknowledged;
  const end = answered ?? ended.endToEndMs;
  return {
    work: work.name,
    target,
    executionsPerSecond: rounded(busy.executionsPerSecond),
    ackP50Ms: rounded(ack.p50),
    ackP95Ms: rounded(ack.p95),
    endToEndP50Ms: rounded(end.p50),
    endToEndP95Ms: rounded(end.p95),
    cpuMsPerExecution: roundedAll(busy.cpuMsPerExecution),
    peakRssMb: rounded(sumOf(Object.values(busy.peakMb))),
    acknowledgedPerSecond: rounded(busy.acknowledgedPerSecond),
    executions: busy.executions,
    ...(work.items !== undefined && { msPerItem: rounded(busy.endToEndMs.p50 / work.items) }),
    ...(alone && { aloneEndToEndP95Ms: rounded(alone.endToEndMs.p95) }),
    faults,
  };
}

/** The row of a study; times are those of the caller who waits, where one does. */
export function studyRow(
  work: string,
  { busy, times }: { busy: Measured; times: Spread },
  details: Record<string, unknown>,
  faults: string[],
): Row {
  const row = {
    work,
    target: 'tenon' as const,
    executionsPerSecond: rounded(busy.executionsPerSecond),
    ackP50Ms: rounded(busy.ackMs.p50),
    ackP95Ms: rounded(busy.ackMs.p95),
    endToEndP50Ms: rounded(times.p50),
    endToEndP95Ms: rounded(times.p95),
    cpuMsPerExecution: roundedAll(busy.cpuMsPerExecution),
    peakRssMb: rounded(sumOf(Object.values(busy.peakMb))),
    acknowledgedPerSecond: rounded(busy.acknowledgedPerSecond),
    executions: busy.executions,
    faults: [...busy.faults, ...faults],
    details,
  };
  return row;
}

/** To two digits. */
export const roundedAll = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)]));

/** To a hundredth, small ones to four digits: ratios are made of them. */
export const rounded = (value: number): number =>
  Math.abs(value) < 10 ? Number(value.toPrecision(4)) : Math.round(value * 100) / 100;
