import { code, reference, step, value } from '../../support/definition-builder';
import { percentile } from '../measure/percentile';
import { sumOf } from '../measure/processor-time';
import { rounded, studyRow } from '../report/rows';
import { deployWork } from '../stack/deploy-work';
import { driverHistory } from './driver-history';
import { load, type Study, scaled } from './study';
import { type MemorySample, memoryOnTheWay } from './way-memory';

const ITEMS = 100_000;
const LIMIT_MS = 3_600_000;

/** Each item has a loop of its own, of one turn with one code step. */
const flowsFor = (items: number) => () => [
  {
    name: 'Main',
    steps: [
      code(
        'List',
        `module.exports = async () => ({ data: Array.from({ length: ${items} }, (_, at) => at) });`,
      ),
      step(
        'Each',
        'loop.loopOverItems',
        { items: reference('list.results') },
        {
          steps: [
            step(
              'Inner',
              'loop.loopNTimes',
              { iterationCount: value('1') },
              {
                steps: [
                  code(
                    'Item',
                    'module.exports = async (context, { each }) => ({ data: each.currentItem + 1 });',
                  ),
                ],
              },
            ),
          ],
        },
      ),
    ],
  },
];

/** One run that is long: how fast, how flat in memory, and how much of a history. */
export const longLoop: Study = {
  name: 'LOOP100K',
  about:
    '100,000 items, each with a loop of its own with a code step; no plain workflow, whose history ends before',
  async run(context) {
    const { stack, seconds } = context;
    const target = await context.product();
    const items = scaled(ITEMS, seconds);
    const results = 2 + items * 2;
    const work = { name: 'LOOP100K', flows: flowsFor(items), customers: 1 };
    const destinations = await deployWork(target.product, work, stack.serviceUrl);
    const memory = memoryOnTheWay(target, results);
    const wanted = { total: 1, waitsForResult: false };
    const busy = await load(context, target, destinations, wanted, LIMIT_MS).finally(memory.stop);
    const faults = await target.faults({ steps: results }, busy.ids);
    const history = await driverHistory(stack, busy.ids[0] ?? '');
    const samples = memory.samples();
    const totalMs = busy.endToEndMs.p50;
    const details = {
      items,
      stepResults: results + 1,
      seconds: rounded(totalMs / 1000),
      msPerItem: rounded(totalMs / items),
      memoryMb: { at10: around(samples, 0.1), at50: around(samples, 0.5), at100: around(samples, 1) },
      peakMb: busy.peakMb,
      history,
    };
    const row = studyRow('LOOP100K', { busy, times: busy.endToEndMs }, details, faults);
    return { rows: [row], lines: linesOf(details) };
  },
};

/** Half of this before and behind a place on the way. */
const WINDOW = 0.1;

/** The median of worker and runners around a place on the way: 0.1 is after a tenth of the steps. */
function around(samples: MemorySample[], share: number): Record<string, number> {
  const near = samples.filter((sample) => Math.abs(sample.share - share) <= WINDOW / 2);
  const medianOf = (name: 'workerMb' | 'runnersMb') =>
    rounded(
      percentile(
        near.map((sample) => sample[name]),
        0.5,
      ),
    );
  const [worker, runners] = [medianOf('workerMb'), medianOf('runnersMb')];
  return { worker, runners, together: rounded(worker + runners), samples: near.length };
}

function linesOf(details: {
  items: number;
  seconds: number;
  msPerItem: number;
  memoryMb: { at10: Record<string, number>; at50: Record<string, number>; at100: Record<string, number> };
  peakMb: Record<string, number>;
  history: { runs: number; events: number; bytes: number; mostEventsOfARun: number };
}): string[] {
  const { items, seconds, msPerItem, peakMb, history } = details;
  const { at10, at50, at100 } = details.memoryMb;
  const part = (name: string, { worker = 0, runners = 0, together = 0 }: Record<string, number>) =>
    `${name} ${together.toFixed(0)} (worker ${worker.toFixed(0)} + runners ${runners.toFixed(0)})`;
  const times = (at100['together'] ?? 0) / (at10['together'] ?? 1);
  const peak = Object.entries(peakMb).map(([name, mb]) => `${name} ${mb.toFixed(0)}`);
  return [
    `  ${items} items in ${seconds.toFixed(1)} s, ${msPerItem.toFixed(2)} ms an item`,
    `  MB on the way: ${part('at 10 %', at10)}, ${part('at 50 %', at50)}, ${part('at 100 %', at100)}: ${times.toFixed(2)} times`,
    `  MB at the peak: ${peak.join(' + ')} = ${sumOf(Object.values(peakMb)).toFixed(0)}`,
    `  history: ${history.events} events, ${history.bytes} bytes in ${history.runs} runs of its driver, at most ${history.mostEventsOfARun} events in one`,
  ];
}
