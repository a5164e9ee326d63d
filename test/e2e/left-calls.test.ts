import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

const COUNT = 12;
/** Longer than a batch waits for one of its members, 15 s, and ends within the time for stopping behind that. */
const CALL_MS = 21_000;

const post = (url: string, path: string) =>
  `await fetch('${url}/${path}/' + trigger.results.body.data.id, { method: 'POST' });`;
const flowCode = (lines: string) =>
  `module.exports = async (context, { trigger }) => { ${lines} return {}; };`;

describe('calls that outlived their batch, and the worker that makes them', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;
  const workers: WorkerProcess[] = [];
  const env = testEnvironment();

  const startWorker = async () => {
    workers.push(await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) }));
  };
  beforeAll(async () => {
    echo = await startEchoServer();
    system = await startSystem({ worker: false, env });
    await startWorker();
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Long calls', [
        {
          name: 'Long',
          steps: [
            code('First', flowCode(post(echo.url, 'first'))),
            code(
              'Call',
              flowCode(
                `${post(echo.url, 'call')} await new Promise((done) => setTimeout(done, ${CALL_MS}));`,
              ),
            ),
            code('Behind', flowCode(post(echo.url, 'behind'))),
          ],
        },
      ]),
    });
  });
  afterAll(async () => {
    for (const worker of workers) await worker.stop();
    await system?.stop();
    await echo?.close();
  });

  /** Delivers that many at once; resolves when their calls go on in drivers of their own. */
  const deliverAndLeave = async (from: number): Promise<string[]> => {
    const { executions } = system.deps.store;
    const before = new Set((await executions.find({}, { _id: 1 }).lean()).map(({ _id }) => _id));
    const bodies = Array.from({ length: COUNT }, (_, at) => JSON.stringify({ id: from + at }));
    const headers = { 'content-type': 'application/json' };
    await Promise.all(
      bodies.map((body) => fetch(subject.webhooks['Long']!, { method: 'POST', headers, body })),
    );
    return until(
      'the walks to be left',
      async () => {
        const found = await executions.find().lean<Execution[]>();
        const left = found.filter(({ _id, walk }) => !before.has(_id) && walk);
        // The first of them may have begun alone, in a driver of its own.
        return left.length >= COUNT / 2 ? left.map(({ _id }) => _id) : undefined;
      },
      40_000,
    );
  };
  const endOf = (ids: readonly string[]) =>
    until(
      'the ends',
      async () => {
        const ended = await system.deps.store.executions
          .find({ _id: { $in: ids }, phase: 'ended' })
          .lean<Execution[]>();
        return ended.length === ids.length ? ended : undefined;
      },
      90_000,
    );
  const callsOf = async (ids: readonly string[], path: string): Promise<Set<number>> => {
    const found = await system.deps.store.executions.find({ _id: { $in: ids } }).lean<Execution[]>();
    const numbers = found.map(({ request }) => (JSON.parse(String(request.body)) as { id: number }).id);
    return new Set(numbers.map((id) => echo.count(`/${path}/${id}`)));
  };
  const attemptsOf = async (ids: readonly string[], stepName: string): Promise<Set<number>> => {
    const found = await system.deps.store.stepResults.find({ executionId: { $in: ids }, stepName }).lean();
    return new Set(found.map(({ attempt }) => attempt));
  };

  test('a worker that is stopped ends them first, and another goes on behind them', async () => {
    const ids = await deliverAndLeave(0);
    const stopped = workers.shift()!;
    await Promise.all([startWorker(), stopped.stop()]);
    const ended = await endOf(ids);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['SUCCESS']));
    for (const path of ['first', 'call', 'behind'])
      expect([path, await callsOf(ids, path)]).toEqual([path, new Set([1])]);
    expect(await attemptsOf(ids, 'Call')).toEqual(new Set([1]));
  }, 180_000);

  test('when it is killed another one begins them again, tells them so, and repeats nothing else', async () => {
    const ids = await deliverAndLeave(100);
    await workers.shift()!.kill();
    await startWorker();
    const ended = await endOf(ids);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['SUCCESS']));
    for (const [path, count] of [
      ['first', 1],
      ['call', 2],
      ['behind', 1],
    ] as const)
      expect([path, await callsOf(ids, path)]).toEqual([path, new Set([count])]);
    expect(await attemptsOf(ids, 'Call')).toEqual(new Set([2]));
    expect(await attemptsOf(ids, 'First')).toEqual(new Set([1]));
  }, 180_000);
});
