import type { Row } from './rows';

/** A figure that the product wants to reach. */
export interface Goal {
  text: string;
  /** What was measured, in words. */
  measured: string;
  isMet: boolean;
}

type Find = (work: string, target: Row['target']) => Row | undefined;

const MAX_PEAK_MB = 700;

/** Holds the figures against what they should be; a goal whose works did not run is left out. */
export function goalsOf(rows: Row[]): Goal[] {
  const find: Find = (work, target) => rows.find((row) => row.work === work && row.target === target);
  return [
    throughput(find, 'W3', 20),
    acknowledgement(find),
    synchronous(find),
    throughput(find, 'LOOP', 10),
    burst(find),
    throughput(find, 'SPREAD', 10),
    besideSlow(find),
    memory(rows),
  ].filter((goal) => goal !== undefined);
}

function throughput(find: Find, work: string, times: number): Goal | undefined {
  const [ours, raw] = [find(work, 'tenon'), find(work, 'temporal')];
  if (!ours || !raw) return undefined;
  const ratio = ours.executionsPerSecond / raw.executionsPerSecond;
  return {
    text: `${work}: at least ${times} times the plain workflow’s executions/s`,
    measured: `${ratio.toFixed(1)} times`,
    isMet: ratio >= times,
  };
}

function acknowledgement(find: Find): Goal | undefined {
  const ours = find('W3', 'tenon') ?? find('W0', 'tenon');
  return (
    ours && {
      text: `${ours.work}: acknowledged to one caller within 6 ms (p50)`,
      measured: `${ours.ackP50Ms.toFixed(1)} ms`,
      isMet: ours.ackP50Ms <= 6,
    }
  );
}

function synchronous(find: Find): Goal | undefined {
  const [ours, raw] = [find('W3-sync', 'tenon'), find('W3-sync', 'temporal')];
  if (!ours || !raw) return undefined;
  const share = ours.endToEndP50Ms / raw.endToEndP50Ms;
  return {
    text: 'W3-sync: answered to one caller in at most half the plain workflow’s time (p50)',
    measured: `${ours.endToEndP50Ms.toFixed(0)} ms, ${share.toFixed(2)} of it`,
    isMet: share <= 0.5,
  };
}

function burst(find: Find): Goal | undefined {
  const ours = find('BURST', 'tenon');
  return (
    ours && {
      text: 'BURST: 1,500 acknowledged a second or more, all executed once',
      measured: `${ours.acknowledgedPerSecond.toFixed(0)}/s${ours.faults.length > 0 ? ', with faults' : ''}`,
      isMet: ours.acknowledgedPerSecond >= 1500 && ours.faults.length === 0,
    }
  );
}

function besideSlow(find: Find): Goal | undefined {
  const ours = find('SLOW', 'tenon');
  if (ours?.aloneEndToEndP95Ms === undefined) return undefined;
  const ratio = ours.endToEndP95Ms / ours.aloneEndToEndP95Ms;
  return {
    text: 'SLOW: the fast customer’s end to end at most twice what it is alone (p95)',
    measured: `${ratio.toFixed(2)} times (${ours.endToEndP95Ms} of ${ours.aloneEndToEndP95Ms} ms)`,
    isMet: ratio <= 2,
  };
}

function memory(rows: Row[]): Goal | undefined {
  // What a study does is no load that the goal was set for.
  const peaks = rows
    .filter(({ target, details }) => target === 'tenon' && details === undefined)
    .map(({ peakRssMb }) => peakRssMb);
  if (peaks.length === 0) return undefined;
  const peak = Math.max(...peaks);
  return {
    text: `API, worker and runners together under ${MAX_PEAK_MB} MB`,
    measured: `${peak.toFixed(0)} MB`,
    isMet: peak < MAX_PEAK_MB,
  };
}
