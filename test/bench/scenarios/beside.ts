import { setTimeout as sleep } from 'node:timers/promises';
import type { Destination, LoadOrder, LoadReport } from '../load/order';
import { differenceOf, figuresOf, type Measured, untilEnded, watchMemory } from '../measure/measured-load';
import { spreadOf } from '../measure/percentile';
import { readProcessorTimes } from '../measure/processor-time';
import type { Scenario } from '../works/work';
import { drainLimitMs, type Figures, loadNow, type Subject } from './context';
import { warmUp } from './warm-up';

/** The fast customer sends this often, alone and beside. */
const PACE_MS = 100;
const LEAD_MS = 1000;
const SLOW_CALL_MS = 2000;
const LIMIT_MS = 240_000;

/** One customer alone, then beside another one whose many callers send flows that wait for slow calls. */
export async function measureBeside(
  subject: Subject,
  scenario: Extract<Scenario, { kind: 'beside' }>,
): Promise<Figures> {
  const { target, work, inTurn } = subject;
  const destinations = await inTurn(() => target.prepare(work, `/slow?delay=${SLOW_CALL_MS}`));
  await warmUp(subject, { callers: scenario.slowCallers });
  return inTurn(() => measureBoth(subject, scenario, destinations));
}

/** Nobody else's turn is between the two: they are held against each other. */
async function measureBoth(
  subject: Subject,
  { slowCallers, slowPaceMs }: Extract<Scenario, { kind: 'beside' }>,
  destinations: Destination[],
): Promise<Figures> {
  const { stack, target, work, seconds } = subject;
  const alone = figuresOf([await loadNow(subject, { paceMs: PACE_MS })]);
  const flood: LoadOrder = {
    destinations,
    body: work.body,
    callers: slowCallers,
    total: Number.MAX_SAFE_INTEGER,
    sendForMs: LEAD_MS + seconds * 1000,
    paceMs: slowPaceMs,
    waitsForResult: false,
  };
  const memory = watchMemory(target);
  const before = readProcessorTimes(target.processes);
  const startedMs = Date.now();
  const flooding = stack.load.ask<LoadReport>('load', flood, flood.sendForMs + drainLimitMs(seconds));
  // It is awaited below; a failure before that must not count as unhandled.
  flooding.catch(() => undefined);
  await sleep(LEAD_MS);
  const beside = figuresOf([await loadNow(subject, { paceMs: PACE_MS }, LIMIT_MS)]);
  const slow = await flooding;
  const { ends, after } = await untilEnded(target, slow.ids, LIMIT_MS);
  const cpuMs = differenceOf(after, before);

  const executions = beside.executions + slow.ids.length;
  const tookMs = [...ends.values()].reduce((last, end) => Math.max(last, end.endedAtMs), 0) - startedMs;
  const busy: Measured = {
    ...beside,
    executions,
    executionsPerSecond: (executions * 1000) / tookMs,
    acknowledgedPerSecond: Number.NaN,
    cpuMsPerExecution: Object.fromEntries(Object.entries(cpuMs).map(([name, ms]) => [name, ms / executions])),
    peakMb: memory.stop(),
    refusals: beside.refusals + slow.refusals,
  };
  const slowMs = spreadOf(
    slow.ids.map((id, at) => (ends.get(id)?.endedAtMs ?? 0) - (slow.sentAtMs[at] ?? 0)),
  );
  const notes = [`${slow.ids.length} slow executions, end to end p50 ${Math.round(slowMs.p50)} ms`];
  return { busy, alone, beside, notes };
}
