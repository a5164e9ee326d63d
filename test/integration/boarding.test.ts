import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { endedBefore } from '../../src/activities/batch/ended-before';
import { takeAlong } from '../../src/activities/batch/take-along';
import {
  BOARDING_PATH,
  type Boarded,
  type BoardingCall,
  encodeSaid,
  SIGNATURE_HEADER,
  signPush,
} from '../../src/services/executions/accept/origin-push';
import { beginBatch, beginBoarded, findOpen, membersOf } from '../../src/services/executions/run/begin-batch';
import { handOver } from '../../src/services/executions/run/hand-over';
import type { Execution } from '../../src/store/models/execution.model';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { aStoredExecution } from '../support/stored-execution';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';
import { workflowsOf } from '../support/workflows-of';

const post = (url: string) => `module.exports = async (context, { trigger }) => {
  const { id } = trigger.results.body.data;
  const answer = await fetch(${JSON.stringify(url)} + '/' + id, { method: 'POST' });
  return { data: answer.status };
};`;
const ACCEPTED = { phase: 'accepted', status: 'PENDING', startedAt: null, endedAt: null, epoch: 0 } as const;

describe('a batch that has begun', () => {
  let system: System;
  let echo: EchoServer;
  let webhook: string;
  let instanceId: string;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer({ delayMs: 100 })]);
    const text = definition('Boarding', [{ name: 'Post', steps: [code('Post', post(echo.url))] }]);
    const subject = await aDeployedInstance(system.deps, system.ctx, { definition: text });
    webhook = subject.webhooks['Post']!;
    instanceId = subject.instanceId;
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  const executions = () => system.deps.store.executions;
  const read = (id: string) => executions().findById(id).orFail().lean<Execution>();
  const stored = async (change: Partial<Execution>) => {
    const instance = await system.deps.store.instances.findById(instanceId).orFail().lean();
    // Young: else the sweeper would start it.
    const own = { planId: instance.deployment!.planId, ...ACCEPTED, acceptedAt: new Date(), ...change };
    return (await aStoredExecution(system.deps, instance, { steps: 0, lines: 0, change: own })).executionId;
  };

  test('takes along what is accepted later, which runs once and is found in Temporal by its id', async () => {
    // As fast as they are acknowledged, until some went along: the machine may stand still meanwhile.
    const ids: string[] = [];
    const boarded = () =>
      executions()
        .find({ boardedOn: { $ne: null }, phase: 'ended' })
        .lean<Execution[]>();
    const some = await until('some to go along', async () => {
      for (let count = 0; count < 20; count += 1) {
        ids.push((await deliver(webhook, { id: ids.length }))!);
        await sleep(10);
      }
      const found = await boarded();
      return found.length >= 10 ? found : undefined;
    });
    await until('all of them to end', async () => {
      const ended = await executions().countDocuments({
        _id: { $in: ids },
        phase: 'ended',
        status: 'SUCCESS',
      });
      return ended === ids.length;
    });
    for (let id = 0; id < ids.length; id += 1) expect(echo.count(`/${id}`)).toBe(1);
    const [one] = some;
    expect(one?.workflowId).toBe(one?.boardedOn);
    expect(one?.workflowId).toMatch(/^batch:/);
    const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
    const client = new Client({ connection, dataConverter: createDataConverter(system.env) });
    const handle = client.workflow.getHandle(one!.workflowId!);
    await handle.result();
    const { searchAttributes } = await handle.describe();
    await connection.close();
    const members = await executions().find({ workflowId: one!.workflowId }).lean<Execution[]>();
    const told = searchAttributes['TenonExecutionIds'] as string[];
    expect([...told].sort()).toEqual(members.map(({ _id }) => _id).sort());
    expect(told.length).toBeLessThanOrEqual(50);
  });

  test('takes only what waits for a workflow, each once', async () => {
    const run = { workflowId: `batch:${randomUUID()}`, runId: 'run' };
    const free = await Promise.all([stored({ workflowId: null }), stored({ workflowId: null })]);
    const taken = await stored({ workflowId: 'execution:other' });
    const ended = await stored({ workflowId: null, phase: 'ended', status: 'ERROR', endedAt: new Date() });
    const executionIds = [...free, taken, ended];
    const begun = await Promise.all([
      beginBoarded(system.deps, { executionIds, ...run }),
      beginBoarded(system.deps, { executionIds: [free[0]!], ...run }),
    ]);
    expect(
      begun
        .flat()
        .map(({ _id }) => _id)
        .sort(),
    ).toEqual([...free].sort());
    expect(await read(free[0]!)).toMatchObject({ phase: 'running', epoch: 1, boardedOn: run.workflowId });
    expect((await read(taken)).workflowId).toBe('execution:other');
  });

  test('knows them when it is begun again, also those that have drivers of their own or have ended', async () => {
    const { deps } = system;
    const run = { workflowId: `batch:${randomUUID()}`, runId: 'run' };
    const first = await stored({ workflowId: run.workflowId });
    const later = await Promise.all([1, 2, 3].map(() => stored({ workflowId: null })));
    expect((await beginBatch(deps, { executionIds: [first], ...run })).mine).toHaveLength(1);
    const boarded = await beginBoarded(deps, { executionIds: later, ...run });
    const [handed, over, left] = later as [string, string, string];
    await handOver(deps, boarded.find(({ _id }) => _id === handed)!, { isBetweenSteps: true });
    const ended = { phase: 'ended', status: 'SUCCESS', endedAt: new Date() } as const;
    await executions().updateOne({ _id: over }, { $set: ended });
    const again = await beginBatch(deps, { executionIds: [first], ...run });
    expect(again.mine).toEqual([]);
    const batch = { executionIds: [first], workflowId: run.workflowId };
    const openIds = (await findOpen(deps, batch)).map(({ _id }) => _id);
    expect(openIds).toEqual(expect.arrayContaining([first, left]));
    expect(openIds).not.toContain(over);
    const told = await endedBefore(deps, batch, []);
    expect(told.map(({ executionId }) => executionId)).toContain(over);
    const { queryPlanner } = (await executions().find(membersOf(batch)).explain()) as unknown as {
      queryPlanner: { winningPlan: unknown };
    };
    expect(JSON.stringify(queryPlanner.winningPlan)).not.toContain('COLLSCAN');
  });
});

describe('an answer that comes late', () => {
  let system: System;
  let instanceId: string;
  let executionId: string;
  let questions = 0;
  const LATE_MS = 3500;
  // An API process that is late: it answers the first question with who goes along, later ones with nobody.
  const late = createServer((_, res) => {
    questions += 1;
    const answer: Boarded = { executionIds: questions === 1 ? [executionId] : [] };
    setTimeout(() => res.end(JSON.stringify(answer)), questions === 1 ? LATE_MS : 0);
  });

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    const text = definition('Late', [
      { name: 'Main', steps: [code('Nothing', 'module.exports = () => ({});')] },
    ]);
    ({ instanceId } = await aDeployedInstance(system.deps, system.ctx, { definition: text }));
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    late.closeAllConnections();
    late.close();
    await system?.stop();
  });
  beforeEach(async () => {
    questions = 0;
    const { store } = system.deps;
    const instance = await store.instances.findById(instanceId).orFail().lean();
    const change = {
      planId: instance.deployment!.planId,
      ...ACCEPTED,
      acceptedAt: new Date(),
      workflowId: null,
    };
    ({ executionId } = await aStoredExecution(system.deps, instance, { steps: 0, lines: 0, change }));
  });

  const take = async (signal: AbortSignal) => {
    const replyTo = `http://127.0.0.1:${(late.address() as AddressInfo).port}`;
    const member = { ...(await system.deps.store.executions.findById(executionId).orFail().lean()), replyTo };
    const run = { workflowId: `batch:${randomUUID()}`, runId: 'run' };
    const begun: string[] = [];
    const question = { run, members: [member as Execution], signal };
    await takeAlong({ ...system.deps, stopping: new AbortController().signal }, question, (executions) =>
      begun.push(...executions.map(({ _id }) => _id)),
    );
    return begun;
  };

  test('still begins who is named in it', async () => {
    expect(await take(new AbortController().signal)).toEqual([executionId]);
    const { phase } = await system.deps.store.executions.findById(executionId).orFail().lean();
    expect(phase).toBe('running');
  });

  test('is not waited for by a worker that gives up', async () => {
    const givingUp = new AbortController();
    const taking = take(givingUp.signal);
    await until('the question', async () => questions === 1);
    givingUp.abort();
    // Whom the answer would have named.
    expect(await taking).toEqual([]);
  });
});

describe('the question who goes along', () => {
  let system: System;
  let webhook: string;

  beforeAll(async () => {
    system = await startSystem({ worker: false, env: { TENON_SWEEP_AFTER_SECONDS: '600' } });
    const text = definition('Asked', [
      { name: 'Main', steps: [code('Nothing', 'module.exports = () => ({});')] },
    ]);
    webhook = (await aDeployedInstance(system.deps, system.ctx, { definition: text })).webhooks['Main']!;
  });
  afterAll(() => system?.stop());

  /** With so many at work the next ones wait for a batch. */
  const beBusy = () => Promise.all([deliver(webhook, {}), deliver(webhook, {})]);
  const ask = (call: BoardingCall, signature?: string) => {
    const body = encodeSaid(call);
    const headers = { [SIGNATURE_HEADER]: signature ?? signPush(system.env, body) };
    return fetch(`${system.apiUrl}${BOARDING_PATH}`, { method: 'POST', headers, body });
  };
  const workflowOf = async (id: string | null) =>
    (await system.deps.store.executions.findById(id).orFail().lean()).workflowId;

  test('is answered to workers of this stack alone', async () => {
    const refused = await ask({ room: 10, forMs: 10, isLast: false }, 'forged');
    expect(refused.status).toBe(401);
  });

  test('is answered with those that wait, and with nobody when nobody comes', async () => {
    await beBusy();
    const asked = ask({ room: 10, forMs: 5000, isLast: false });
    await sleep(50);
    const id = await deliver(webhook, {});
    expect((await (await asked).json()) as Boarded).toEqual({ executionIds: [id] });
    // It is the worker's to begin it.
    expect(await workflowOf(id)).toBeNull();
    const nobody = await ask({ room: 10, forMs: 50, isLast: false });
    expect((await nobody.json()) as Boarded).toEqual({ executionIds: [] });
  });

  test('does not keep those for long that a worker who stands still was told', async () => {
    await beBusy();
    const asked = ask({ room: 10, forMs: 5000, isLast: false });
    await sleep(50);
    await deliver(webhook, {});
    const { executionIds } = (await (await asked).json()) as Boarded;
    expect(executionIds.length).toBeGreaterThan(0);
    // By a look at the records: the sweeper does not take them for minutes.
    for (const id of executionIds)
      expect(await workflowsOf(system, id)).toEqual([expect.stringMatching(/^batch:/)]);
  });

  test('loses nobody when the worker is gone before the answer', async () => {
    const body = encodeSaid({ room: 10, forMs: 5000, isLast: false });
    const headers = { [SIGNATURE_HEADER]: signPush(system.env, body), 'content-length': body.length };
    const call = request(`${system.apiUrl}${BOARDING_PATH}`, { method: 'POST', headers });
    call.on('error', () => undefined);
    call.end(body);
    await sleep(100);
    call.destroy();
    await sleep(100);
    await beBusy();
    const id = await deliver(webhook, {});
    expect(await workflowsOf(system, id!)).toEqual([expect.stringMatching(/^batch:/)]);
  });
});
