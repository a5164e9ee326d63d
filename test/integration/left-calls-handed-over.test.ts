import { leaveLongCall } from '../../src/activities/long-calls/leave-long-call';
import { leftWalksOf } from '../../src/activities/long-calls/left-walks';
import { WalkLease } from '../../src/activities/long-calls/walk-lease';
import type { RunDeps } from '../../src/activities/run-deps';
import { runSegment } from '../../src/activities/run-segment';
import type { Execution } from '../../src/store/models/execution.model';
import type { Instance } from '../../src/store/models/instance.model';
import type { SegmentResult } from '../../src/temporal/contract';
import { cuttableStore } from '../support/cuttable-store';
import { type Services, startServices } from '../support/services';
import { aStoredExecution } from '../support/stored-execution';
import type { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';

const OWNER = { _id: 'i', organizationId: 'o', customerId: null, integrationId: 'n' } as Instance;

/** A walk in a call that has lasted for long, in a segment that may have stood still. */
function longWalk(execution: Execution) {
  const activity = { isHeld: true };
  const lease = new WalkLease({
    assertHeld: () => {
      if (!activity.isHeld) throw new Error('The activity stood still.');
    },
  });
  let end: (result: SegmentResult) => void = () => undefined;
  const walk = new Promise<SegmentResult>((resolve) => {
    end = resolve;
  });
  const steps = [{ name: 'Call', state: 'ok' as const, ms: 20_000 }];
  const result: SegmentResult = { executionId: execution._id, next: { kind: 'limit' }, steps };
  const underway = { execution, sinceMs: Date.now() - 60_000 };
  return { activity, result, segment: { walk, lease, underway }, end: () => end(result) };
}

describe('a hand-over of a long call that fails', () => {
  let services: Services;
  let mongodb: TcpProxy;
  let deps: RunDeps;
  beforeAll(async () => {
    services = await startServices();
    const { proxy, store } = await cuttableStore(services);
    mongodb = proxy;
    deps = { ...services.deps, store } as RunDeps;
  });
  afterAll(async () => {
    await deps?.store.close();
    await mongodb?.close();
    await services?.stop();
  });

  const stored = async (change: Partial<Execution>): Promise<Execution> => {
    const of = { steps: 0, lines: 0, change };
    return read((await aStoredExecution(services.deps, OWNER, of)).executionId);
  };
  const aRun = () => stored({ phase: 'running', status: 'PENDING', endedAt: null });
  const read = (id: string) => services.deps.store.executions.findById(id).orFail().lean<Execution>();
  const walks = () => leftWalksOf(deps.store);
  /** That the walk was registered, and is not any more: its hand-over was tried. */
  const tried = async (id: string) => {
    await until('the try', () => walks().walkerOf(id) !== undefined);
    await until('its failure', () => walks().walkerOf(id) === undefined);
  };

  test('is made again, and until then the walk is its segment’s', async () => {
    const execution = await aRun();
    const { activity, result, segment, end } = longWalk(execution);
    mongodb.cut();
    const outcome = leaveLongCall(deps, segment);
    await tried(execution._id);
    activity.isHeld = false;
    expect(() => segment.lease.assertHeld()).toThrow('The activity stood still.');
    activity.isHeld = true;
    mongodb.restore();
    expect((await outcome).next).toEqual({ kind: 'walked' });
    activity.isHeld = false;
    segment.lease.assertHeld();
    expect((await read(execution._id)).walk).toMatchObject({ by: walks().walkerOf(execution._id) });
    end();
    await walks().ended();
    expect((await read(execution._id)).walk).toEqual({
      by: null,
      told: { steps: result.steps, untoldSteps: 0 },
    });
  });

  test('leaves no mark behind where the call ends before the next try, and its result is the segment’s', async () => {
    const execution = await aRun();
    const { result, segment, end } = longWalk(execution);
    mongodb.cut();
    const outcome = leaveLongCall(deps, segment);
    await tried(execution._id);
    // It was carried out, but its answer was lost.
    const walk = { by: 'this', at: new Date() };
    await services.deps.store.executions.updateOne({ _id: execution._id }, { $set: { walk } });
    mongodb.restore();
    // Its connections are anew.
    await until('the database', () => deps.store.ping(500));
    end();
    expect(await outcome).toEqual(result);
    expect((await read(execution._id)).walk).toBeUndefined();
  });

  test('is not told as done where its batch is to make it again: a segment asks the record', async () => {
    const execution = await stored({});
    const { segment, end } = longWalk(execution);
    const handOver = () => Promise.reject(new Error('Temporal is away.'));
    await expect(walks().leave(deps, execution, { ...segment, handOver })).rejects.toThrow('away');
    const input = { executionId: execution._id, index: 0, maxActions: null };
    const { signal } = new AbortController();
    const lease = { assertHeld: () => undefined };
    const activity = { workflowId: execution.workflowId!, runId: 'r', signal, lease, isLocal: false };
    expect((await runSegment(deps, input, activity)).next).toEqual({ kind: 'done', isFailed: false });
    const by = walks().walkerOf(execution._id)!;
    const walk = { by, at: new Date() };
    await services.deps.store.executions.updateOne({ _id: execution._id }, { $set: { walk } });
    expect((await runSegment(deps, input, activity)).next).toEqual({ kind: 'walked' });
    end();
    await walks().ended();
    expect((await read(execution._id)).walk?.by).toBeNull();
  });
});
