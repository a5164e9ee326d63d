import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOrder, LoadReport } from '../load/order';
import type { Stack } from '../stack/stack';
import type { End, Target } from '../targets/target';
import { type Spread, spreadOf } from './percentile';
import { type ProcessorTimes, readProcessorTimes, readResidentMb, sumOf } from './processor-time';

/** The figures of one load. */
export interface Measured {
  executions: number;
  executionsPerSecond: number;
  /** Deliveries that were acknowledged, from the first sent to the last acknowledged. */
  acknowledgedPerSecond: number;
  ackMs: Spread;
  /** From sending to the stored end. */
  endToEndMs: Spread;
  /** From sending to the answer, where callers waited for it. */
  answerMs: Spread;
  cpuMsPerExecution: ProcessorTimes;
  /** By process, when their sum was highest. */
  peakMb: Record<string, number>;
  refusals: number;
  faults: string[];
  ids: string[];
}

const POLL_MS = 100;
const RSS_EVERY_MS = 200;

/** One load as it went. */
export interface Load {
  report: LoadReport;
  ends: Map<string, End>;
  cpuMs: ProcessorTimes;
  peakMb: Record<string, number>;
}

/**
 * Runs one load to the end of its last execution. Throws when executions are still open `drainLimitMs` after the last
 * acknowledgement.
 */
export async function runLoad(
  stack: Stack,
  target: Target,
  order: LoadOrder,
  drainLimitMs: number,
): Promise<Load> {
  const memory = watchMemory(target);
  const before = readProcessorTimes(target.processes);
  try {
    const report = await stack.load.ask<LoadReport>('load', order, order.sendForMs + drainLimitMs);
    if (report.ids.length === 0) throw new Error('Nothing was sent.');
    const { ends, after } = await untilEnded(target, report.ids, drainLimitMs);
    return { report, ends, cpuMs: differenceOf(after, before), peakMb: memory.stop() };
  } finally {
    memory.stop();
  }
}

/** The times are read when all seem to have ended, before the reading of the ends itself costs some. */
export async function untilEnded(target: Target, ids: string[], limitMs: number) {
  const deadline = Date.now() + limitMs;
  let ends = new Map<string, End>();
  while (Date.now() < deadline) {
    if (await target.seemsDone(ids)) {
      const after = readProcessorTimes(target.processes);
      ends = await target.readEnds(ids);
      if (ends.size === new Set(ids).size) return { ends, after };
    }
    await sleep(POLL_MS);
  }
  ends = await target.readEnds(ids);
  throw new Error(
    `${ids.length - ends.size} of ${ids.length} executions have not ended ${Math.round(limitMs / 1000)} s after they were sent.`,
  );
}

/** The figures of loads as if they were one; the time between them does not count. */
export function figuresOf(loads: readonly Load[]): Measured {
  const ids = loads.flatMap(({ report }) => report.ids);
  const perSecond = (lastMs: (load: Load) => number) =>
    (ids.length * 1000) / sumOf(loads.map((load) => lastMs(load) - firstSentMs(load)));
  const failed = loads.flatMap(({ ends }) => [...ends.values()]).filter(({ isSuccess }) => !isSuccess).length;
  const names = Object.keys(loads[0]?.cpuMs ?? {});
  return {
    executions: ids.length,
    executionsPerSecond: perSecond(lastEndMs),
    acknowledgedPerSecond: perSecond(lastAckMs),
    ackMs: spreadOf(loads.flatMap(({ report }) => report.ackMs)),
    endToEndMs: spreadOf(loads.flatMap(endToEndMs)),
    answerMs: spreadOf(loads.flatMap(({ report }) => report.resultMs)),
    cpuMsPerExecution: Object.fromEntries(
      names.map((name) => [name, sumOf(loads.map(({ cpuMs }) => cpuMs[name] ?? 0)) / ids.length]),
    ),
    peakMb: highest(loads.map(({ peakMb }) => peakMb)),
    refusals: sumOf(loads.map(({ report }) => report.refusals)),
    faults: failed > 0 ? [`${failed} executions failed`] : [],
    ids,
  };
}

const endsOf = ({ report, ends }: Load): number[] =>
  report.ids.map((id) => ends.get(id)?.endedAtMs ?? Number.NaN);

const endToEndMs = (load: Load): number[] =>
  endsOf(load).map((end, at) => end - (load.report.sentAtMs[at] ?? 0));

const firstSentMs = ({ report }: Load): number =>
  report.sentAtMs.reduce((first, each) => Math.min(first, each), Number.POSITIVE_INFINITY);

const lastEndMs = (load: Load): number => endsOf(load).reduce((last, each) => Math.max(last, each), 0);

const lastAckMs = ({ report: { sentAtMs, ackMs } }: Load): number =>
  sentAtMs.reduce((last, each, at) => Math.max(last, each + (ackMs[at] ?? 0)), 0);

const highest = (peaks: Record<string, number>[]): Record<string, number> =>
  peaks.reduce((high, peak) => (sumOf(Object.values(peak)) > sumOf(Object.values(high)) ? peak : high), {});

export function watchMemory(target: Target): { stop(): Record<string, number> } {
  let peak = readResidentMb(target.resident);
  const timer = setInterval(() => {
    const now = readResidentMb(target.resident);
    peak = highest([peak, now]);
  }, RSS_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

export const differenceOf = (after: ProcessorTimes, before: ProcessorTimes): ProcessorTimes =>
  Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]));
