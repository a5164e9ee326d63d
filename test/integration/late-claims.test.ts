import { randomUUID } from 'node:crypto';
import { splitBatch } from '../../src/activities/batch/split-batch';
import { cancelExecution } from '../../src/services/executions/control/cancel-execution';
import { beginBatch } from '../../src/services/executions/run/begin-batch';
import { depart } from '../../src/services/executions/start/departure';
import { uuidv7 } from '../../src/services/ids';
import type { Execution } from '../../src/store/models/execution.model';
import { batchWorkflowId, executionWorkflowId } from '../../src/temporal/names';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { aStoredExecution } from '../support/stored-execution';
import { type System, startSystem } from '../support/system';
import { workflowsOf } from '../support/workflows-of';

const ACCEPTED = { phase: 'accepted', status: 'PENDING', startedAt: null, endedAt: null, epoch: 0 } as const;

describe('the claim of executions for their batch', () => {
  let system: System;
  let instanceId: string;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    const text = definition('Claims', [
      { name: 'Main', steps: [code('Nothing', 'module.exports = () => ({});')] },
    ]);
    ({ instanceId } = await aDeployedInstance(system.deps, system.ctx, { definition: text }));
  });
  afterAll(() => system?.stop());

  const read = (id: string) => system.deps.store.executions.findById(id).orFail().lean<Execution>();
  const stored = async (change: Partial<Execution> = {}) => {
    const instance = await system.deps.store.instances.findById(instanceId).orFail().lean();
    const own = {
      planId: instance.deployment!.planId,
      ...ACCEPTED,
      acceptedAt: new Date(),
      workflowId: null,
      ...change,
    };
    return (await aStoredExecution(system.deps, instance, { steps: 0, lines: 0, change: own })).executionId;
  };
  const setOff = async (executionIds: string[]) => {
    const executions = await Promise.all(executionIds.map(read));
    const ignore = () => undefined;
    await depart(
      system.deps,
      {
        travellers: executions.map((execution) => ({
          execution,
          isAlone: false,
          isAwaited: false,
          started: ignore,
          failed: ignore,
        })),
        leastSharing: 2,
      },
      { onAway: ignore, onLeft: ignore },
      new AbortController().signal,
    );
  };
  test('is made when it begins, by the same write, where they are new', async () => {
    const ids = await Promise.all([stored(), stored()]);
    await setOff(ids);
    expect((await read(ids[0]!)).workflowId).toBeNull();
    const [workflowId] = await workflowsOf(system, ids[0]!);
    const { mine, others } = await beginBatch(system.deps, {
      executionIds: ids,
      workflowId: workflowId!,
      runId: 'r',
    });
    expect(mine.map(({ _id }) => _id).sort()).toEqual([...ids].sort());
    expect(others).toEqual([]);
    expect(await read(ids[1]!)).toMatchObject({ workflowId, phase: 'running', epoch: 1 });
  });

  test('is made at the start where a sweeper will soon look for them', async () => {
    const acceptedAt = new Date(Date.now() - system.env.TENON_SWEEP_AFTER_SECONDS * 600);
    const ids = await Promise.all([stored({ acceptedAt }), stored()]);
    await setOff(ids);
    const [workflowId] = await workflowsOf(system, ids[0]!);
    expect(await Promise.all(ids.map(async (id) => (await read(id)).workflowId))).toEqual([
      workflowId,
      workflowId,
    ]);
  });

  test('leaves those out that another start has, and those that were cancelled', async () => {
    const run = { workflowId: batchWorkflowId(uuidv7()), runId: randomUUID() };
    const free = await stored();
    const taken = await stored({ workflowId: batchWorkflowId(uuidv7()) });
    const ended = await stored({ phase: 'ended', status: 'ERROR', endedAt: new Date() });
    const { mine, others } = await beginBatch(system.deps, { executionIds: [free, taken, ended], ...run });
    expect(mine.map(({ _id }) => _id)).toEqual([free]);
    expect(others).toEqual([]);
    expect(await read(taken)).toMatchObject({ phase: 'accepted', epoch: 0 });
  });

  test('does not take over the driver that another start has given to one of them', async () => {
    const run = { workflowId: batchWorkflowId(uuidv7()), runId: randomUUID() };
    const alone = await stored();
    await system.deps.store.executions.updateOne({ _id: alone }, { workflowId: executionWorkflowId(alone) });
    expect(await beginBatch(system.deps, { executionIds: [alone], ...run })).toEqual({
      mine: [],
      others: [],
    });
  });

  test('is not undone by a cancel that comes while the batch begins: the run reads it with its next step', async () => {
    const run = { workflowId: batchWorkflowId(uuidv7()), runId: randomUUID() };
    const ids = await Promise.all(Array.from({ length: 20 }, () => stored()));
    const [{ mine }] = await Promise.all([
      beginBatch(system.deps, { executionIds: ids, ...run }),
      ...ids.map((id) => cancelExecution(system.deps, system.ctx, id)),
    ]);
    const begun = new Set(mine.map(({ _id }) => _id));
    for (const id of ids) {
      const { phase, control } = await read(id);
      const wanted = begun.has(id) ? { phase: 'running', control: 'cancel' } : { phase: 'ended' };
      expect({ phase, control }).toEqual(wanted);
    }
  });

  test('is made yet where its segment came to nothing: they get drivers of their own', async () => {
    const workflowId = batchWorkflowId(uuidv7());
    const ids = await Promise.all([stored(), stored()]);
    const { env, store, temporal } = system.deps;
    const deps = { env, store, temporal } as unknown as Parameters<typeof splitBatch>[0];
    await splitBatch(deps, { executionIds: ids }, workflowId);
    for (const id of ids) {
      expect((await read(id)).workflowId).toBe(executionWorkflowId(id));
      expect(await system.deps.temporal.isOpen(executionWorkflowId(id))).toBe(true);
    }
  });
});
