import { figuresOf, type Load, type Measured } from '../../bench/measure/measured-load';
import { type Row, rowOf } from '../../bench/report/rows';
import type { WorkResult } from '../../bench/run-work';
import { WORKS } from '../../bench/works/works';

/** One load whose deliveries were sent 10 ms apart from a time of the machine's clock on. */
function load(wanted: {
  from: number;
  ackMs: number[];
  endToEndMs: number[];
  resultMs?: number[];
  cpuMs?: Record<string, number>;
  peakMb?: Record<string, number>;
}): Load {
  const { from, ackMs, endToEndMs, resultMs = [], cpuMs = {}, peakMb = {} } = wanted;
  const ids = endToEndMs.map((_, at) => `${from}-${at}`);
  const sentAtMs = ids.map((_, at) => from + 10 * at);
  const ends = ids.map((id, at) => [id, { endedAtMs: sentAtMs[at]! + endToEndMs[at]!, isSuccess: true }]);
  const report = { ids, sentAtMs, ackMs, resultMs, refusals: 0 };
  return { report, ends: new Map(ends as never), cpuMs, peakMb };
}

/** Twenty values, of which the tenth is the p50 and the nineteenth the p95. */
const spread = (p50: number, p95: number) => [...Array(10).fill(p50), ...Array(9).fill(p95), 9999];

const busy = figuresOf([
  load({
    from: 1_700_000_000_000,
    ackMs: spread(20, 40),
    // The last is sent 190 ms after the first and ends 1810 ms later: 20 executions in two seconds.
    endToEndMs: [...Array(19).fill(500), 1810],
    cpuMs: { api: 100, worker: 50.5 },
    peakMb: { api: 100.25, worker: 230 },
  }),
  load({
    from: 1_700_000_900_000,
    ackMs: spread(20, 40),
    endToEndMs: [...Array(19).fill(500), 3810],
    cpuMs: { api: 20, worker: 9.5 },
    peakMb: { api: 150, worker: 180 },
  }),
]);
const of = (ackMs: number[], endToEndMs: number[], resultMs?: number[]): Measured =>
  figuresOf([load({ from: 5000, ackMs, endToEndMs, ...(resultMs && { resultMs }) })]);

const row = (name: string, change: Partial<WorkResult>): Row => {
  const work = WORKS.find((one) => one.name === name)!;
  return rowOf({ work, target: 'tenon', busy, notes: [], faults: [], ...change });
};

describe('a row of the JSON file', () => {
  test('has rate, times in ms, processor time in ms by process and memory in MiB, as they were measured', () => {
    expect(row('SPREAD', { target: 'temporal' })).toEqual({
      work: 'SPREAD',
      target: 'temporal',
      // 40 in two and four seconds; the quarter of an hour between the loads does not count.
      executionsPerSecond: 6.667,
      ackP50Ms: 20,
      ackP95Ms: 40,
      endToEndP50Ms: 500,
      endToEndP95Ms: 500,
      cpuMsPerExecution: { api: 3, worker: 1.5 },
      // Of one moment, not the highest of each.
      peakRssMb: 330.25,
      acknowledgedPerSecond: expect.any(Number),
      executions: 40,
      faults: [],
    });
  });

  test('takes its times from one caller, and the end to end from the stack at rest, not from the crowd', () => {
    const [single, quiet] = [of(spread(3, 5), spread(60, 90)), of(spread(4, 7), spread(30.123, 45))];
    expect(row('W3', { single, quiet })).toMatchObject({
      work: 'W3',
      executionsPerSecond: 6.667,
      ackP50Ms: 3,
      ackP95Ms: 5,
      endToEndP50Ms: 30.12,
      endToEndP95Ms: 45,
    });
    expect(row('W3', { target: 'temporal', quiet })).toMatchObject({ ackP50Ms: 4, endToEndP50Ms: 30.12 });
  });

  test('has the time until its answer where the caller waits for one', () => {
    const single = of(spread(3, 5), spread(60, 90), spread(50, 80));
    const times = { ackP50Ms: 50, ackP95Ms: 80, endToEndP50Ms: 50, endToEndP95Ms: 80 };
    expect(row('W3-sync', { single })).toMatchObject(times);
    expect(row('W3-sync', { target: 'temporal', single })).toMatchObject({
      ...times,
      ackP50Ms: 3,
      ackP95Ms: 5,
    });
  });

  test('of SLOW has the fast customer’s times beside the slow one', () => {
    const [alone, beside] = [of(spread(2, 3), spread(20, 30)), of(spread(6, 8), spread(40, 55))];
    expect(row('SLOW', { alone, beside })).toMatchObject({
      ackP50Ms: 6,
      endToEndP50Ms: 40,
      endToEndP95Ms: 55,
      aloneEndToEndP95Ms: 30,
    });
  });

  test('of a loop has the time of an item, and every row its faults', () => {
    expect(row('LOOP', { faults: ['one was lost'] })).toMatchObject({
      msPerItem: 0.5,
      faults: ['one was lost'],
    });
  });
});
