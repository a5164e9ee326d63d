import { setTimeout as sleep } from 'node:timers/promises';
import { reference, step, value } from '../../support/definition-builder';
import type { Destination, LoadReport } from '../load/order';
import { type Measured, untilEnded, watchMemory } from '../measure/measured-load';
import { type Spread, spreadOf } from '../measure/percentile';
import { rounded, studyRow } from '../report/rows';
import { deployWork } from '../stack/deploy-work';
import type { TenonTarget } from '../targets/tenon';
import { noop } from '../works/flows';
import { load, type Study, type StudyContext, scaled } from './study';

const QUEUED_RUNS = 5000;
const SENDERS = 50;
/** Each queued run calls a service that takes this long, so that the queue stays long while it is measured. */
const CALL_MS = 10;
const LEAD_MS = 200;
/** The other customer's callers, each of which sends this often: one that waits long must not hide the others. */
const CALLERS = 10;
const PACE_MS = 500;
const LIMIT_MS = 1_200_000;
const COUNT_LIMIT_MS = 10_000;

/** A customer's start delays alone, while another one's runs pour into a queue, and while they wait in it. */
export const queue: Study = {
  name: 'QUEUE',
  about:
    'one customer’s 5,000 queued runs beside another’s start delay; no plain workflow, which has no queues',
  async run(context) {
    const { stack, seconds } = context;
    const target = await context.product();
    const { product } = target;
    const path = `/QUEUE?delay=${CALL_MS}`;
    const flows = (serviceUrl: string) => [queuedFlow(serviceUrl)];
    const queued = await deployWork(
      product,
      { name: 'QUEUE queued', flows, customers: 1 },
      `${stack.serviceUrl}${path}`,
    );
    const other = await deployWork(
      product,
      { name: 'QUEUE other', flows: noop, customers: 1 },
      stack.serviceUrl,
    );
    const total = scaled(QUEUED_RUNS, seconds);
    await load(context, target, other, { callers: 10, total: 100, waitsForResult: false });
    const alone = await paced(context, target, other);

    const memory = watchMemory(target);
    const startedAtMs = Date.now();
    const flooding = flood(context, queued, total);
    await sleep(LEAD_MS);
    // At least as long as the flood lasts in most cases; what comes behind it counts for this phase too.
    const arriving = await paced(context, target, other, Math.max(1, seconds / 3));
    const flooded = await flooding;
    const waiting = await paced(context, target, other);
    const leftBehind = await product.services.deps.store.executions.countDocuments({
      'queue.state': { $in: ['entering', 'waiting'] },
    });
    const { ends } = await untilEnded(target, flooded.ids, LIMIT_MS);
    const drainedMs = [...ends.values()].reduce((last, { endedAtMs }) => Math.max(last, endedAtMs), 0);
    const peakMb = memory.stop();

    const faults = await faultsOf(context, target, flooded.ids, [alone, arriving, waiting]);
    if ([...ends.values()].some(({ isSuccess }) => !isSuccess)) faults.push('queued runs failed');
    if (leftBehind === 0) faults.push('the queue was empty before the measurement was over');
    const delays = {
      alone: await startDelays(target, alone.ids),
      arriving: await startDelays(target, arriving.ids),
      waiting: await startDelays(target, waiting.ids),
    };
    const details = {
      queuedRuns: flooded.ids.length,
      stillWaitingBehindTheMeasurement: leftBehind,
      queuedRunsPerSecond: rounded((flooded.ids.length * 1000) / (drainedMs - startedAtMs)),
      queuedAckMs: spreadOf(flooded.ackMs),
      startDelayMs: delays,
      endToEndMs: {
        alone: alone.endToEndMs,
        arriving: arriving.endToEndMs,
        waiting: waiting.endToEndMs,
      },
    };
    const busy = { ...waiting, peakMb };
    const row = studyRow('QUEUE', { busy, times: waiting.endToEndMs }, details, faults);
    return {
      rows: [{ ...row, aloneEndToEndP95Ms: rounded(alone.endToEndMs.p95) }],
      lines: [
        `  ${flooded.ids.length} queued runs, ${details.queuedRunsPerSecond.toFixed(0)}/s one after the other; ${leftBehind} still waited behind the measurement`,
        lineOf('without them', delays.alone, alone),
        lineOf('while they arrive', delays.arriving, arriving),
        lineOf('while they wait', delays.waiting, waiting),
      ],
    };
  },
};

/** Strict order: one run at a time. */
const queuedFlow = (serviceUrl: string) => ({
  name: 'Main',
  queueConfig: { usesFifoQueue: true },
  steps: [
    step('Post', 'http.httpPost', {
      url: value(serviceUrl),
      data: reference('trigger.results.body.data'),
      responseType: value('json'),
    }),
  ],
});

const paced = (
  context: StudyContext,
  target: TenonTarget,
  destinations: Destination[],
  seconds = context.seconds,
): Promise<Measured> =>
  load(
    context,
    target,
    destinations,
    { callers: CALLERS, paceMs: PACE_MS, sendForMs: seconds * 1000, waitsForResult: false },
    LIMIT_MS,
  );

/** Sends as fast as the door takes them. */
function flood({ stack }: StudyContext, destinations: Destination[], total: number): Promise<LoadReport> {
  const order = {
    destinations,
    body: 'small',
    callers: SENDERS,
    total,
    sendForMs: LIMIT_MS,
    paceMs: 0,
    waitsForResult: false,
  };
  const flooding = stack.load.ask<LoadReport>('load', order, LIMIT_MS);
  // It is awaited later; a failure before that must not count as unhandled.
  flooding.catch(() => undefined);
  return flooding;
}

async function faultsOf(
  { stack }: StudyContext,
  target: TenonTarget,
  queuedIds: string[],
  others: Measured[],
): Promise<string[]> {
  const otherIds = others.flatMap(({ ids }) => ids);
  const faults = [
    ...others.flatMap((measured) => measured.faults),
    ...(await target.faults({ steps: 1 }, [...queuedIds, ...otherIds])),
  ];
  const calls = await stack.service.ask<number>('count', '/QUEUE', COUNT_LIMIT_MS);
  if (calls !== queuedIds.length)
    faults.push(`the service was called ${calls} times, not ${queuedIds.length}`);
  return faults;
}

/** From acceptance to the begin of the run, as stored. */
async function startDelays(target: TenonTarget, ids: string[]): Promise<Spread> {
  const { executions } = target.product.services.deps.store;
  const found = await executions.find({ _id: { $in: ids } }, { acceptedAt: 1, startedAt: 1 }).lean();
  return spreadOf(
    found.map(({ acceptedAt, startedAt }) => (startedAt ? startedAt.getTime() - acceptedAt.getTime() : NaN)),
  );
}

const lineOf = (name: string, delay: Spread, { endToEndMs }: Measured): string =>
  `  ${name.padEnd(20)} start delay p50/p95 ${delay.p50.toFixed(0)} / ${delay.p95.toFixed(0)} ms, end to end ${endToEndMs.p50.toFixed(0)} / ${endToEndMs.p95.toFixed(0)} ms (${delay.count} runs)`;
