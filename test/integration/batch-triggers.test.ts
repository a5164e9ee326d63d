import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memberId } from '../../src/services/executions/fan-out/member-execution';
import { listExecutions } from '../../src/services/executions/read/list-executions';
import { clearDue } from '../../src/services/executions/repair/clear-due';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { loadStates } from '../../src/services/state/load-states';
import type { Execution } from '../../src/store/models/execution.model';
import { decodeOutput } from '../../src/store/output-codec';
import { code, definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { publishBuilt } from '../support/publish-built';
import { mostAtOnce } from '../support/queue-recorder';
import { buildPackage } from '../support/sdk-packages';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

const PAGES = 3;
const ITEMS = 5;

/** Gives pages of numbered items, and answers a page as the test asks for it. */
class PageServer {
  readonly asked: string[] = [];
  onPage: (path: string) => Promise<number> = async () => 200;
  /** What is new since, before all else. */
  newItems: number[] = [];
  /** Comes with each page. */
  pad = '';
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((req, res) => {
      const path = req.url ?? '';
      this.asked.push(path);
      void this.onPage(path).then((status) => {
        const page = Number(path.split('/').at(-1));
        const items = [...this.newItems, ...Array.from({ length: ITEMS }, (_, at) => page * ITEMS + at)];
        res.writeHead(status, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ items, pad: this.pad, ...(page + 1 < PAGES && { next: page + 1 }) }));
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server?.closeAllConnections();
    return new Promise((resolve) => this.#server?.close(() => resolve()));
  }
}

describe('a batch trigger', () => {
  let system: System;
  let worker: WorkerProcess;
  let echo: EchoServer;
  let pagesUrl: string;
  let folder: string;
  const pages = new PageServer();
  const env = testEnvironment({ TENON_RETRY_MINUTE_MS: '1000' });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'batch-triggers-'));
    [system, echo, pagesUrl] = await Promise.all([
      startSystem({ worker: false, env }),
      startEchoServer(),
      pages.start(),
    ]);
    await publishBuilt(system, await buildPackage('paged.ts', 10, folder), false);
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
  }, 300_000);
  beforeEach(() => {
    echo.calls.length = 0;
    pages.asked.length = 0;
    pages.onPage = async () => 200;
    pages.newItems = [];
    pages.pad = '';
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await Promise.all([echo?.close(), pages.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const tell = () => `module.exports = async (context, { trigger }) => {
    const { data } = trigger.results.body;
    const id = encodeURIComponent(JSON.stringify(data));
    await fetch('${echo.url}/begin/' + id, { method: 'POST' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await fetch('${echo.url}/end/' + id, { method: 'POST' });
    return { data };
  };`;
  const aFlow = (rest: object): Promise<DeployedInstance> => {
    const trigger = step('Trigger', 'paged.pages', { url: value(pagesUrl) });
    const component = { key: 'paged', isPublic: false, version: 'LATEST' };
    const flow = {
      name: 'Main',
      trigger: { ...trigger, action: { key: 'pages', component }, isTrigger: true },
      steps: [code('Tell', tell())],
      ...rest,
    };
    return aDeployedInstance(system.deps, system.ctx, {
      definition: definition(`Batched ${Math.random()}`, [flow]),
    });
  };
  const resolver = (batchSize: number, concurrentBatchLimit = 2) => ({
    triggerResolver: { enabled: true, batchSize, concurrentBatchLimit },
  });
  const run = async ({ webhooks }: DeployedInstance): Promise<string> => {
    const response = await fetch(webhooks['Main']!, { method: 'POST', body: 'go' });
    const global = response.headers.get('prismatic-executionid') ?? '';
    return Buffer.from(global, 'base64').toString('utf8').split(':').at(-1)!;
  };
  const ended = (id: string): Promise<Execution> =>
    until(
      'the end',
      async () =>
        (await system.deps.store.executions.findOne({ _id: id, phase: 'ended' }).lean<Execution>())!,
      60_000,
    );
  const runsOf = async (id: string): Promise<Execution[]> =>
    (await listExecutions(system.deps, system.ctx, { fanOutOf: id, first: 100 })).nodes as Execution[];
  const allEnded = (id: string, count: number): Promise<Execution[]> =>
    until(
      'the runs of the items',
      async () => {
        const runs = await runsOf(id);
        return runs.length === count && runs.every(({ phase }) => phase === 'ended') ? runs : undefined;
      },
      60_000,
    );
  const told = () =>
    echo.calls
      .filter(({ path }) => path.startsWith('/begin/'))
      .map(({ path }) => JSON.parse(decodeURIComponent(path.slice('/begin/'.length))) as unknown);

  test('pages are cut into runs of the batch size, as many at once as allowed, and the trigger’s run ends', async () => {
    const instance = await aFlow(resolver(2));
    const id = await run(instance);
    const root = await ended(id);
    expect(root).toMatchObject({
      status: 'SUCCESS',
      resultType: 'COMPLETED',
      fanOut: { pages: 3, executions: 9 },
    });
    const runs = await allEnded(id, 9);
    expect(runs.map(({ status }) => status)).toEqual(Array(9).fill('SUCCESS'));
    const batches = [0, 1, 2].flatMap((page) => {
      const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((at) => page * ITEMS + at);
      return [[a, b], [c, d], [e]];
    });
    expect(told().map(String).sort()).toEqual(batches.map(String).sort());
    expect(mostAtOnce(echo)).toBe(2);
    expect(pages.asked).toEqual(['/page/0', '/page/1', '/page/2']);
    // What the pages left in the polling state outlives the run.
    const states = await loadStates(system.deps, root, ['instanceState']);
    expect(JSON.stringify(states.get('instanceState')?.value)).toContain('"seen":15');
  });

  test('a batch size of one gives the item itself', async () => {
    const instance = await aFlow(resolver(1, 5));
    const id = await run(instance);
    const runs = await allEnded(id, PAGES * ITEMS);
    expect(told().sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 15 }, (_, at) => at));
    const record = await system.deps.store.stepResults.findById(`${runs[0]!._id}/0`).lean();
    const { data } = decodeOutput(record!.output!) as {
      data: { executionId: string; body: { data: unknown } };
    };
    expect([data.executionId, typeof data.body.data]).toEqual([runs[0]!._id, 'number']);
  });

  test('a worker killed between pages fetches no finished page again, and no item is lost or doubled', async () => {
    const instance = await aFlow(resolver(5));
    pages.onPage = async (path) => {
      if (path === '/page/2') await new Promise((resolve) => setTimeout(resolve, 5000));
      return 200;
    };
    const id = await run(instance);
    await until('the last page to be asked for', () => pages.asked.includes('/page/2'));
    await worker.kill();
    pages.onPage = async () => 200;
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
    await ended(id);
    await allEnded(id, 3);
    expect(pages.asked.filter((path) => path !== '/page/2')).toEqual(['/page/0', '/page/1']);
    expect(new Set(told().map(String)).size).toBe(3);
  }, 120_000);

  test.each([
    ['small', 'x'],
    ['large', 'x'.repeat(100_000)],
  ])(
    'a worker killed while it makes runs of a %s page leaves its items as they were fetched to the next one',
    async (size, pad) => {
      const { connection, stepResults, blobs, executions } = system.deps.store;
      const refuse = (validator: object) => connection.db!.command({ collMod: 'step_results', validator });
      const recordOf = (id: string, place: number) => `${memberId(id, { page: 1, place })}/0`;
      const instance = await aFlow(resolver(2));
      pages.pad = pad;
      let tellId: (id: string) => void = () => undefined;
      const known = new Promise<string>((resolve) => {
        tellId = resolve;
      });
      // Of the three runs of that page, the second one cannot be made.
      pages.onPage = async (path) => {
        if (path === '/page/1') await refuse({ _id: { $ne: recordOf(await known, 1) } });
        return 200;
      };
      const id = await run(instance);
      tellId(id);
      await until('the rest of the page', () => stepResults.findById(recordOf(id, 2)).lean());
      const { fanOut } = (await executions.findById(id).lean<Execution>())!;
      expect([fanOut?.pages, fanOut?.page?.blobId != null]).toEqual([1, size === 'large']);
      await worker.kill();
      await refuse({});
      pages.onPage = async () => 200;
      pages.newItems = [99];
      worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
      const root = await ended(id);
      await allEnded(id, 9);
      expect(pages.asked).toEqual(['/page/0', '/page/1', '/page/2']);
      const batches = [[0, 1], [2, 3], [4], [5, 6], [7, 8], [9], [99, 10], [11, 12], [13, 14]];
      expect(new Set(told().map(String))).toEqual(new Set(batches.map(String)));
      expect([root.fanOut?.pages, root.fanOut?.page]).toEqual([3, undefined]);
      await expect(blobs.get(fanOut?.page?.blobId ?? '0'.repeat(24))).rejects.toThrow();
    },
    120_000,
  );

  test('a page that fails fails the run; its retry goes on with that page', async () => {
    const instance = await aFlow({
      ...resolver(5),
      retryConfig: { maxAttempts: 2, delayMinutes: 1, usesExponentialBackoff: false },
    });
    let failures = 0;
    pages.onPage = async (path) => {
      if (path !== '/page/1' || failures > 0) return 200;
      failures += 1;
      return 503;
    };
    const id = await run(instance);
    const failed = await ended(id);
    expect(failed).toMatchObject({
      status: 'ERROR',
      error: { message: expect.stringContaining('503') as string },
    });
    const retry = await ended(failed.nextRetry!.executionId);
    expect(retry).toMatchObject({ status: 'SUCCESS', fanOut: { pages: 3, executions: 3 } });
    await allEnded(id, 1);
    await allEnded(retry._id, 2);
    expect(pages.asked).toEqual(['/page/0', '/page/1', '/page/1', '/page/2']);
  });

  test('where no outputs are kept, a failed run of items is run again with the same ones, and then nothing is left', async () => {
    const { deps, ctx } = system;
    const ask = `module.exports = async (_, { trigger }) => {
      const { data } = trigger.results.body;
      const { status } = await fetch('${pagesUrl}/items/' + data.join('-'), { method: 'POST' });
      if (status !== 200) throw new Error('Once.');
      return { data };
    };`;
    const instance = await aFlow({
      ...resolver(5),
      retryConfig: { maxAttempts: 1, delayMinutes: 1, usesExponentialBackoff: false },
      steps: [code('Ask', ask)],
    });
    const { instanceId } = instance;
    await updateInstance(deps, ctx, { id: instanceId, stepResultsDisabled: true });
    await deployInstance(deps, ctx, { id: instanceId });
    const failing = '/items/5-6-7-8-9';
    const times = () => pages.asked.filter((path) => path === failing).length;
    pages.pad = 'p'.repeat(100_000);
    pages.onPage = async (path) => (path === failing && times() === 1 ? 503 : 200);
    const id = await run(instance);
    await ended(id);
    // The attempt is one of them.
    const runs = await allEnded(id, PAGES + 1);
    expect(runs.map(({ status }) => status).sort()).toEqual(['ERROR', 'SUCCESS', 'SUCCESS', 'SUCCESS']);
    expect(times()).toBe(2);
    await clearDue(deps, new Date(Date.now() + 86_400_000));
    const executionId = { $in: [id, ...runs.map(({ _id }) => _id)] };
    expect(await deps.store.stepResults.countDocuments({ executionId })).toBe(9);
    const left = { executionId, $or: [{ output: { $ne: null } }, { outputBlobId: { $ne: null } }] };
    expect(await deps.store.stepResults.countDocuments(left)).toBe(0);
    const blobs = deps.store.connection.collection('blobs.files');
    expect(await blobs.countDocuments({ 'metadata.instanceId': instanceId })).toBe(0);
    const stored = await deps.store.executions.find({ fanOutOf: id }).lean<Execution[]>();
    expect(stored.map(({ request, resultsDueAt }) => [request.body, resultsDueAt])).toEqual(
      Array(4).fill([null, undefined]),
    );
  }, 60_000);

  test('the first deploy runs the initial sync by its own functions where the flow asks for it', async () => {
    const { triggerResolver } = resolver(5);
    const instance = await aFlow({ triggerResolver: { ...triggerResolver, runInitialSyncOnDeploy: true } });
    const root = await until('the initial sync', () =>
      system.deps.store.executions
        // The runs of its items are of the same kind, and may end before it.
        .findOne({
          instanceId: instance.instanceId,
          invokeType: 'DEPLOY_FLOW',
          fanOutOf: { $exists: false },
          phase: 'ended',
        })
        .lean<Execution>(),
    );
    await allEnded(root._id, 3);
    expect(pages.asked).toEqual(['/all/page/0', '/all/page/1', '/all/page/2']);
  });

  test('a first deploy that breaks off behind the switch shows; the next one runs the initial sync, and no other does', async () => {
    const { deps, ctx } = system;
    const { instances, executions, connection } = deps.store;
    const { triggerResolver } = resolver(5);
    const refuse = (validator: object) => connection.db!.command({ collMod: 'executions', validator });
    await refuse({ invokeType: { $ne: 'DEPLOY_FLOW' } });
    const broken = aFlow({ triggerResolver: { ...triggerResolver, runInitialSyncOnDeploy: true } });
    await expect(broken).rejects.toThrow(/not stored/);
    await refuse({});
    const [left] = await instances.find().sort({ createdAt: -1 }).limit(1).lean();
    const id = left!._id;
    expect(left).toMatchObject({ needsDeploy: true, deployment: { revision: 1, firstSync: 'due' } });
    const repeated = await deployInstance(deps, ctx, { id });
    expect([repeated.needsDeploy, repeated.deployment?.firstSync]).toEqual([false, undefined]);
    await deployInstance(deps, ctx, { id });
    const synced = { instanceId: id, invokeType: 'DEPLOY_FLOW' as const, fanOutOf: { $exists: false } };
    expect(await executions.countDocuments(synced)).toBe(1);
    const root = await executions.findOne(synced).lean<Execution>();
    await allEnded(root!._id, 3);
  });
});
