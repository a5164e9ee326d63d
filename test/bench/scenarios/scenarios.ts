import type { Scenario } from '../works/work';
import { measureBeside } from './beside';
import { type Figures, loadSubject, type Subject } from './context';
import { measureThroughput } from './throughput';
import { warmUp } from './warm-up';

/** Of one caller at rest: longer than one W3 takes on any target. */
const QUIET_PACE_MS = 100;
/** The length of load for which BURST is of full size. */
const FULL_SECONDS = 10;
const BURST_LIMIT_MS = 300_000;

/** Runs the loads that a work asks for. */
export async function runScenario(subject: Subject): Promise<Figures> {
  const { scenario } = subject.work;
  if (scenario.kind === 'standard') return runStandard(subject, scenario.callers);
  if (scenario.kind === 'burst') return runBurst(subject, scenario);
  if (scenario.kind === 'beside') return measureBeside(subject, scenario);
  return { busy: await measureThroughput(subject, scenario), notes: [] };
}

async function runStandard(subject: Subject, callers: number): Promise<Figures> {
  const { target, work, seconds } = subject;
  const busy = await measureThroughput(subject, { callers });
  const single = async () =>
    loadSubject(subject, {
      total: Math.ceil((busy.executionsPerSecond * seconds) / 2),
      sendForMs: seconds * 500,
    });
  if (work.isSynchronous) return { busy, single: await single(), notes: [] };
  // Whoever starts plain workflows one after the other waits for each; else they would only queue.
  const isRaw = target.name === 'temporal';
  const quiet = () => loadSubject(subject, { paceMs: QUIET_PACE_MS, waitsForResult: isRaw });
  if (isRaw) return { busy, quiet: await quiet(), notes: [] };
  return { busy, single: await single(), quiet: await quiet(), notes: [] };
}

async function runBurst(
  subject: Subject,
  { callers, deliveries, rawDeliveries }: Extract<Scenario, { kind: 'burst' }>,
): Promise<Figures> {
  const { target, seconds } = subject;
  const full = target.name === 'tenon' ? deliveries : rawDeliveries;
  const total = Math.ceil(full * Math.min(1, seconds / FULL_SECONDS));
  await warmUp(subject, { callers });
  const busy = await loadSubject(subject, { callers, total }, BURST_LIMIT_MS);
  return { busy, notes: total === deliveries ? [] : [`${total} deliveries instead of ${deliveries}`] };
}
