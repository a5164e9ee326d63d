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

/**
 * Runs one load to the end of its last execution and measures it. Throws when executions are still open
 * `drainLimitMs` after the last acknowledgement.
 */
export async function measureLoad(
  stack: Stack,
  target: Target,
  order: LoadOrder,
  drainLimitMs: number,
): Promise<Measured> {
  const memory = watchMemory(target);
  const before = readProcessorTimes(target.processes);
  try {
    const report = await stack.load.ask<LoadReport>('load', order, order.sendForMs + drainLimitMs);
    if (report.ids.length === 0) throw new Error('Nothing was sent.');
    const { ends, after } = await untilEnded(target, report.ids, drainLimitMs);
    return figuresOf(report, ends, differenceOf(after, before), memory.stop());
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

function figuresOf(
  report: LoadReport,
  ends: Map<string, End>,
  cpuMs: ProcessorTimes,
  peakMb: Record<string, number>,
): Measured {
  const { ids, sentAtMs, ackMs, resultMs } = report;
  const firstSentMs = sentAtMs.reduce((first, each) => Math.min(first, each), Number.POSITIVE_INFINITY);
  const endedAt = ids.map((id) => ends.get(id)?.endedAtMs ?? Number.NaN);
  const lastEndMs = endedAt.reduce((last, each) => Math.max(last, each), 0);
  const lastAckMs = sentAtMs.reduce((last, each, at) => Math.max(last, each + (ackMs[at] ?? 0)), 0);
  const failed = [...ends.values()].filter(({ isSuccess }) => !isSuccess).length;
  return {
    executions: ids.length,
    executionsPerSecond: (ids.length * 1000) / (lastEndMs - firstSentMs),
    acknowledgedPerSecond: (ids.length * 1000) / (lastAckMs - firstSentMs),
    ackMs: spreadOf(ackMs),
    endToEndMs: spreadOf(endedAt.map((end, at) => end - (sentAtMs[at] ?? 0))),
    answerMs: spreadOf(resultMs),
    cpuMsPerExecution: Object.fromEntries(Object.entries(cpuMs).map(([name, ms]) => [name, ms / ids.length])),
    peakMb,
    refusals: report.refusals,
    faults: failed > 0 ? [`${failed} executions failed`] : [],
    ids,
  };
}

export function watchMemory(target: Target): { stop(): Record<string, number> } {
  let peak = readResidentMb(target.resident);
  const timer = setInterval(() => {
    const now = readResidentMb(target.resident);
    if (sumOf(Object.values(now)) > sumOf(Object.values(peak))) peak = now;
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
