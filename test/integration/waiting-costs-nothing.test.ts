import type { Execution } from '../../src/store/models/execution.model';
import { code, definition, step, value } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem, startWorker } from '../support/system';
import { until } from '../support/until';

/** Of a worker: ten times as many for first segments. */
const SLOTS = 2;
/** More of each kind than there are slots of any kind. */
const WAITING = 10 * SLOTS + 2;
const LONG_S = 600;
/** The longest delay that a definition may have before a second try; the third one comes after twice that. */
const MINUTE_S = 60;
const SOON_S = 5;

const post = (url: string, path: string) => `module.exports = async ({ executionId }) => {
  await fetch('${url}/${path}/' + executionId, { method: 'POST' });
  return {};
};`;
const postAndFail = (url: string) => `module.exports = async ({ executionId }) => {
  const { path } = await (await fetch('${url}/fails/' + executionId, { method: 'POST' })).json();
  throw new Error(path);
};`;
const againAfter = (delaySeconds: number, maxAttempts: number) => ({
  errorConfig: { errorHandlerType: 'retry', maxAttempts, delaySeconds, usesExponentialBackoff: true },
});

/** One instance whose executions have drivers of their own, and one whose executions share batches. */
describe('executions that wait', () => {
  let system: System;
  let echo: EchoServer;
  let worker: Awaited<ReturnType<typeof startWorker>>;
  let instances: DeployedInstance[];
  const ids: Record<string, string[]> = {};

  beforeAll(async () => {
    const env = { TENON_WORKER_SLOTS: String(SLOTS), TENON_SWEEP_AFTER_SECONDS: '600' };
    [system, echo] = await Promise.all([startSystem({ worker: false, env }), startEchoServer()]);
    const { deps, ctx } = system;
    const sleepFor = (seconds: number) => step('Sleep', 'sleep.sleep', { ms: value(`${seconds * 1000}`) });
    const failing = code('Fail', postAndFail(echo.url));
    const behind = code('Behind', post(echo.url, 'behind'));
    const text = definition('Waiting', [
      { name: 'Sleeping', steps: [sleepFor(LONG_S), behind] },
      { name: 'Retrying', steps: [{ ...failing, ...againAfter(MINUTE_S, 5) }] },
      { name: 'Held', steps: [behind] },
      { name: 'Asleep for a moment', steps: [sleepFor(SOON_S), behind] },
      { name: 'Tried again soon', steps: [{ ...failing, ...againAfter(SOON_S, 1) }] },
      { name: 'Busy', steps: [behind] },
    ]);
    instances = [
      await aDeployedInstance(deps, ctx, { definition: text, stepsPerActivity: 100 }),
      await aDeployedInstance(deps, ctx, { definition: text.replace('Waiting', 'Waiting together') }),
    ];
    await deliverTo('Held');
    for (const id of ids['Held']!) await ask(id, 'hold');
    worker = await startWorker(deps);
    await deliverTo('Sleeping');
    await deliverTo('Retrying');
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  async function deliverTo(flow: string, count = WAITING): Promise<void> {
    const urls = instances.flatMap(({ webhooks }) => Array<string>(count).fill(webhooks[flow]!));
    ids[flow] = (await Promise.all(urls.map((url) => deliver(url, {})))).map(String);
  }
  const ask = (id: string, what: string) =>
    fetch(`${system.apiUrl}/api/v1/executions/${id}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
  const calls = (path: string, flow: string) => ids[flow]!.map((id) => echo.count(`/${path}/${id}`));
  const times = (count: number, flow: string) => ids[flow]!.map(() => count);
  const all = (what: string, flow: string, matches: (one: Execution) => boolean) =>
    until(`${flow}: ${what}`, async () => {
      const { executions } = system.deps.store;
      const found = await executions.find({ _id: { $in: ids[flow]! } }).lean<Execution[]>();
      return found.every(matches) ? found : undefined;
    });
  const allEnded = (flow: string) => all('to end', flow, ({ phase }) => phase === 'ended');
  const isWaiting = ({ phase, armedWait, workflowId, _id }: Execution) =>
    phase === 'running' && armedWait !== null && workflowId === `execution:${_id}`;

  test('hold no slot of a worker, be it that they sleep, are tried again later or are held: others run', async () => {
    await all('to wait', 'Sleeping', isWaiting);
    await all('to wait', 'Retrying', isWaiting);
    await all('to be held', 'Held', ({ phase, control }) => phase === 'running' && control === 'hold');
    await deliverTo('Busy');
    const ended = await allEnded('Busy');
    expect(ended.filter(({ status }) => status !== 'SUCCESS')).toEqual([]);
    expect([...calls('behind', 'Sleeping'), ...calls('behind', 'Held')].every((count) => count === 0)).toBe(
      true,
    );
  });

  test('wait on while there is no worker, and go on with the next one where they were', async () => {
    await deliverTo('Asleep for a moment', 2);
    await deliverTo('Tried again soon', 2);
    await all('to wait', 'Asleep for a moment', isWaiting);
    await all('to wait', 'Tried again soon', isWaiting);
    await worker.stop();
    worker = await startWorker(system.deps);
    for (const id of ids['Held']!) expect((await ask(id, 'resume')).status).toBe(200);
    for (const flow of ['Held', 'Asleep for a moment']) {
      const ended = await allEnded(flow);
      expect(ended.filter(({ status }) => status !== 'SUCCESS')).toEqual([]);
      expect(calls('behind', flow)).toEqual(times(1, flow));
    }
    const failed = await allEnded('Tried again soon');
    expect(calls('fails', 'Tried again soon')).toEqual(times(2, 'Tried again soon'));
    for (const { startedAt, endedAt } of failed)
      expect(endedAt!.getTime() - startedAt!.getTime()).toBeGreaterThanOrEqual(SOON_S * 1000);
  });

  test('are still there, and hear of it when they are cancelled', async () => {
    for (const flow of ['Sleeping', 'Retrying']) {
      await all('to wait', flow, isWaiting);
      await Promise.all(ids[flow]!.map((id) => ask(id, 'cancel')));
      for (const { error } of await allEnded(flow)) expect(error?.code).toBe('cancelled');
    }
    expect(calls('behind', 'Sleeping')).toEqual(times(0, 'Sleeping'));
  });
});
