import type { RunDeps } from '../../src/activities/run-deps';
import { runSegment } from '../../src/activities/run-segment';
import type { AppError } from '../../src/errors';
import type { Deps } from '../../src/services/context';
import { wakeBehindWalks } from '../../src/services/executions/repair/wake-behind-walks';
import { beginSegment } from '../../src/services/executions/run/begin-segment';
import { endWalk, keepWalks } from '../../src/services/executions/run/left-walk';
import type { Execution, LeftWalk } from '../../src/store/models/execution.model';
import type { Instance } from '../../src/store/models/instance.model';
import { createTemporalGateway } from '../../src/temporal/client';
import { cuttableStore } from '../support/cuttable-store';
import { type Services, startServices } from '../support/services';
import { aStoredExecution } from '../support/stored-execution';
import type { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';

const OWNER = { _id: 'i', organizationId: 'o', customerId: null, integrationId: 'n' } as Instance;
const RUNNING = { phase: 'running', status: 'PENDING', endedAt: null } as const;
const TOLD = { steps: [{ name: 'Call', state: 'ok' as const, ms: 20_000 }], untoldSteps: 3 };

describe('the sweeper, of walks that were left in long calls', () => {
  let services: Services;
  let mongodb: TcpProxy;
  /** Its database can be taken away. */
  let cuttable: Deps;
  beforeAll(async () => {
    services = await startServices();
    const { proxy, store } = await cuttableStore(services);
    mongodb = proxy;
    cuttable = { ...services.deps, store };
  });
  afterAll(async () => {
    await cuttable?.store.close();
    await mongodb?.close();
    await services?.stop();
  });
  afterEach(() => services.deps.store.executions.deleteMany({}));

  const left = async (walk: Partial<LeftWalk>, change: Partial<Execution> = RUNNING): Promise<Execution> => {
    const of = { ...change, walk: { by: 'gone', at: new Date(Date.now() - 60_000), ...walk } };
    const { executionId } = await aStoredExecution(services.deps, OWNER, { steps: 0, lines: 0, change: of });
    return read(executionId);
  };
  const read = (id: string) => services.deps.store.executions.findById(id).orFail().lean<Execution>();
  const begin = ({ _id, workflowId }: Execution) =>
    beginSegment(services.deps, { executionId: _id, index: 0, runId: 'r', workflowId: workflowId! });
  /** A process that sweeps each 1.5 s, as far as it knows. */
  const sweeper = (of: Deps) => {
    const deps = { ...of };
    let ms = 0;
    return async (passes: number) => {
      const found: { freed: number; untold: number }[] = [];
      for (let pass = 0; pass < passes; pass += 1) {
        ms += 1500;
        found.push(await wakeBehindWalks(deps, () => ms));
      }
      return found;
    };
  };
  const NOTHING = { freed: 0, untold: 0 };

  test('takes them from a worker that was silent for six seconds, not from one that lives', async () => {
    const [dead, living] = [await left({}), await left({ by: 'lives' })];
    const sweep = sweeper(services.deps);
    expect(await sweep(4)).toEqual([NOTHING, NOTHING, NOTHING, NOTHING]);
    await keepWalks(services.deps, 'lives', [living._id]);
    expect(await begin(dead)).toBeNull();
    expect(await sweep(2)).toEqual([{ freed: 1, untold: 0 }, NOTHING]);
    // It learns that it has lost it, and a driver may begin at once.
    expect(await keepWalks(services.deps, 'gone', [dead._id])).toEqual(new Set());
    expect((await begin(dead))?.epoch).toBe(2);
    expect((await read(living._id)).walk?.by).toBe('lives');
    expect(await begin(living)).toBeNull();
  });

  test('takes it once, however many sweep, and none that gave a sign when it was to be taken', async () => {
    const dead = await left({});
    const sweeps = [1, 2, 3].map(() => sweeper(services.deps));
    await Promise.all(sweeps.map((sweep) => sweep(4)));
    const found = (await Promise.all(sweeps.map((sweep) => sweep(1)))).flat();
    expect(found.filter(({ freed }) => freed === 1)).toHaveLength(1);
    expect(found.filter(({ freed }) => freed === 0)).toHaveLength(2);
    expect((await read(dead._id)).walk).toEqual({ by: null });
  });

  test('counts anew where it could not read, since nobody could give a sign then', async () => {
    await left({});
    const sweep = sweeper(cuttable);
    await sweep(4);
    mongodb.cut();
    await expect(sweep(1)).rejects.toThrow();
    mongodb.restore();
    expect(await sweep(4)).toEqual([NOTHING, NOTHING, NOTHING, NOTHING]);
    expect(await sweep(1)).toEqual([{ freed: 1, untold: 0 }]);
  });

  test('finds none whose end was told; what it told is there for the next segment, or the end of its driver', async () => {
    const last = await left({ by: 'w' }, { workflowId: 'execution:closed' });
    const middle = await left({ by: 'w' });
    for (const one of [last, middle]) await endWalk(services.deps, one, { by: 'w', told: TOLD });
    expect((await sweeper(services.deps)(6)).slice(5)).toEqual([NOTHING]);
    expect((await read(last._id)).walk).toEqual({ by: null, told: TOLD });
    expect((await begin(middle))?.told).toEqual(TOLD);
    const input = { executionId: last._id, index: 0, maxActions: null };
    const lease = { assertHeld: () => undefined };
    const { signal } = new AbortController();
    const activity = { workflowId: last.workflowId!, runId: 'r', signal, lease, isLocal: false };
    expect(await runSegment(services.deps as RunDeps, input, activity)).toMatchObject({
      next: { kind: 'done', isFailed: false },
      ...TOLD,
    });
  });

  test('repeats what could not be told, and claims no death for it', async () => {
    const env = { ...services.env, TENON_TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const away: Deps = { ...services.deps, temporal: createTemporalGateway(env) };
    const over = await left({ by: 'w' });
    const ending = endWalk(away, over, { by: 'w', told: TOLD }).catch(({ code }: AppError) => code);
    await until('its end on the record', async () => (await read(over._id)).walk?.by === null);
    expect((await sweeper(away)(5)).at(-1)).toEqual({ freed: 0, untold: 1 });
    expect(await ending).toBe('dependency_unavailable');
    await away.temporal.close();
    expect((await read(over._id)).walk?.at).toBeInstanceOf(Date);
    expect((await sweeper(services.deps)(5)).at(-1)).toEqual(NOTHING);
    expect((await read(over._id)).walk).toEqual({ by: null, told: TOLD });
  }, 120_000);

  test('reads no record of a walk whose worker lives, however many there are', async () => {
    for (let count = 0; count < 20; count += 1) await left({ at: new Date() });
    await left({});
    const { deps } = services;
    const database = deps.store.connection.db!;
    await database.command({ profile: 2 });
    await wakeBehindWalks(deps);
    await database.command({ profile: 0 });
    const [pass] = await database
      .collection('system.profile')
      .find({ ns: `${database.databaseName}.executions`, op: 'query' })
      .toArray();
    expect(pass).toMatchObject({ planSummary: expect.stringContaining('IXSCAN'), nreturned: 1 });
    expect(pass!['docsExamined']).toBeLessThanOrEqual(2);
  });
});
