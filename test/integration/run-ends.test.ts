import { endedBefore } from '../../src/activities/batch/ended-before';
import { refuse } from '../../src/services/executions/accept/refuse';
import { endAsDuplicate } from '../../src/services/executions/queue/end-as-duplicate';
import { endAbandoned } from '../../src/services/executions/repair/end-abandoned';
import { tellUntold } from '../../src/services/executions/repair/tell-untold';
import { endExecution } from '../../src/services/executions/run/end-execution';
import { tellEnds } from '../../src/services/executions/run/tell-ends';
import { listLogs } from '../../src/services/logs/list-logs';
import type { Execution } from '../../src/store/models/execution.model';
import { definition, step, value } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { aStoredExecution } from '../support/stored-execution';
import { type System, startSystem, startWorker } from '../support/system';
import { until } from '../support/until';

const note = step('Note', 'log.writeLog', { level: value('info'), message: value('noted') });
const RUNNING = { phase: 'running', status: 'PENDING', endedAt: null } as const;
const CLOSED = { code: 'terminated', message: 'Closed by somebody.' };
const ERROR = { ...CLOSED, stepKey: null, stepName: null };

describe('the end of a run', () => {
  let system: System;
  let instanceId: string;
  let webhook: string;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    const text = definition('Ended', [{ name: 'Main', steps: [note] }]);
    const subject = await aDeployedInstance(system.deps, system.ctx, { definition: text });
    instanceId = subject.instanceId;
    webhook = subject.webhooks['Main']!;
  });
  afterAll(() => system?.stop());

  const stored = async (change: Partial<Execution>) => {
    const instance = await system.deps.store.instances.findById(instanceId).orFail().lean();
    const own = { planId: instance.deployment!.planId, ...change };
    return (await aStoredExecution(system.deps, instance, { steps: 0, lines: 0, change: own })).executionId;
  };
  const read = (id: string) => system.deps.store.executions.findById(id).orFail().lean<Execution>();
  const linesOf = async (executionId: string) => {
    const lines = await system.deps.store.logs.find({ executionId }).sort({ ordinal: 1 }).lean();
    return lines.map(({ message }) => message.replace(/Execution: .* \(/, 'Execution: … ('));
  };
  const STARTING = expect.stringMatching(/^Starting Instance Execution: .* \/ Main$/);
  const ENDED = [STARTING, 'Closed by somebody.', 'Ending Instance Execution: … (terminated)'];

  test('that a newer segment forestalls changes nothing and leaves no line', async () => {
    const { deps } = system;
    const outcomes = new Set<string>();
    for (let count = 0; count < 30; count += 1) {
      const id = await stored(RUNNING);
      const begin = () => deps.store.executions.updateOne({ _id: id, ...NOT_ENDED }, { $inc: { epoch: 1 } });
      const [ended] = await Promise.all([endAbandoned(deps, id, CLOSED), begin()]);
      const { phase } = await read(id);
      expect([phase, await linesOf(id)]).toEqual(ended ? ['ended', ENDED] : ['running', []]);
      outcomes.add(phase);
    }
    const id = await stored(RUNNING);
    const old = await read(id);
    await deps.store.executions.updateOne({ _id: id }, { $inc: { epoch: 1 } });
    expect(await endExecution(deps, old, { error: null, stepCount: 0 })).toBeNull();
    expect(await endAbandoned(deps, id, { ...CLOSED, where: { workflowId: 'another' } })).toBeNull();
    expect([(await read(id)).phase, await linesOf(id)]).toEqual(['running', []]);
  });

  test('of many that are written together is the own one of each', async () => {
    const { deps } = system;
    const ids = await Promise.all([1, 2, 3, 4, 5, 6].map(() => stored(RUNNING)));
    const [first, second, fenced, longer, failed, gone] = await Promise.all(ids.map(read));
    await deps.store.executions.updateOne({ _id: fenced!._id }, { $inc: { epoch: 1 } });
    await deps.store.executions.deleteOne({ _id: gone!._id });
    const ended = await Promise.all([
      ...[first, second, fenced, gone].map((one) => endExecution(deps, one!, { error: null, stepCount: 2 })),
      endExecution(deps, longer!, { error: null, stepCount: 3 }),
      endExecution(deps, failed!, { error: ERROR, stepCount: 2 }),
    ]);
    const records = await Promise.all([first, second, longer, failed].map((one) => read(one!._id)));
    expect(records.map(({ status, stepCount, error }) => [status, stepCount, error?.code])).toEqual([
      ['SUCCESS', 2, undefined],
      ['SUCCESS', 2, undefined],
      ['SUCCESS', 3, undefined],
      ['ERROR', 2, ERROR.code],
    ]);
    const told = [ended[0], ended[1], ended[4], ended[5]];
    expect(told.map((one) => [one?.status, one?.endedAt])).toEqual(
      records.map(({ status, endedAt }) => [status, endedAt]),
    );
    expect([ended[2], ended[3], (await read(fenced!._id)).phase]).toEqual([null, null, 'running']);
  });

  test('is told once, as the record says, by however many it is ended at once', async () => {
    const { deps } = system;
    const id = await stored(RUNNING);
    const execution = await read(id);
    const codes = ['terminated', 'cancelled', 'infrastructure', 'internal'];
    await Promise.all([
      ...codes.map((code) => endAbandoned(deps, id, { code, message: `It is ${code}.` })),
      // As a segment does it.
      ...codes.map(async (code) => {
        const ended = await endExecution(deps, execution, { error: { ...ERROR, code }, stepCount: 1 });
        if (ended) await tellEnds(deps, [id]);
      }),
    ]);
    const { error } = await read(id);
    await tellUntold(deps, -1000);
    expect(await linesOf(id)).toEqual([
      STARTING,
      error?.message,
      `Ending Instance Execution: … (${error?.code})`,
    ]);
  });

  test('has its last lines though the process died before it wrote them, and no second time', async () => {
    const { deps } = system;
    const id = await stored(RUNNING);
    await endExecution(deps, await read(id), { error: ERROR, stepCount: 0 }, { isUntold: true });
    expect(await linesOf(id)).toEqual([]);
    await tellUntold(deps, -1000);
    await tellUntold(deps, -1000);
    const seen = await stored(RUNNING);
    await endExecution(deps, await read(seen), { error: ERROR, stepCount: 0 }, { isUntold: true });
    const { nodes } = await listLogs(deps, system.ctx, { executionId: seen });
    expect(nodes.map(({ message }) => message.slice(0, 6))).toEqual(['Starti', 'Closed', 'Ending']);
    expect([await linesOf(id), (await read(id)).isEndUntold]).toEqual([ENDED, undefined]);
    // A segment and a batch are begun again by the workflow, and say what they find.
    const inBatch = await stored({ ...RUNNING, workflowId: 'batch:b' });
    await endExecution(deps, await read(inBatch), { error: ERROR, stepCount: 0 });
    expect(await linesOf(inBatch)).toEqual([]);
    const batch = { executionIds: [inBatch], workflowId: 'batch:b' };
    expect(await endedBefore(deps, batch, [])).toMatchObject([{ state: 'failed', code: 'terminated' }]);
    expect(await linesOf(inBatch)).toEqual(ENDED);
  });

  test('of a duplicate and of a refused one is spelled alike; a refused one keeps no key and is not tried again', async () => {
    const { deps } = system;
    const waiting = await stored({ phase: 'queued', status: 'QUEUED', startedAt: null, endedAt: null });
    expect(await endAsDuplicate(deps, await read(waiting), 'another')).toBe(true);
    expect(await endAsDuplicate(deps, await read(waiting), 'a third')).toBe(false);
    expect(await linesOf(waiting)).toEqual(['Ending Instance Execution: … (canceled as a duplicate)']);
    const accepted = { phase: 'accepted', status: 'PENDING', startedAt: null, endedAt: null } as const;
    const refused = await stored({ ...accepted, deliveryKey: 'flow:key' });
    await expect(refuse(deps, refused, new Error('away'))).rejects.toThrow('away');
    const record = await read(refused);
    expect([record.phase, record.deliveryKey, record.nextRetry]).toEqual(['ended', undefined, undefined]);
    expect(await linesOf(refused)).toEqual([
      record.error?.message,
      'Ending Instance Execution: … (dependency_unavailable)',
    ]);
  });

  test('and its beginning are in the log once, though the worker died before either was stored', async () => {
    const { deps } = system;
    await fetch(webhook, { method: 'POST', body: '{}' });
    const [{ _id } = { _id: '' }] = await deps.store.executions.find({ phase: 'accepted' }).lean();
    // As a worker leaves it that died in the first segment.
    const begun = { phase: 'running', epoch: 1, segment: { index: 0, tries: 1 }, startedAt: new Date() };
    await deps.store.executions.updateOne({ _id }, { $set: begun });
    const worker = await startWorker(deps);
    try {
      await until('the end', () => deps.store.executions.exists({ _id, phase: 'ended' }));
      await until('the last line', async () => (await linesOf(_id)).at(-1)?.startsWith('Ending'));
    } finally {
      await worker.stop();
    }
    const lines = await linesOf(_id);
    expect(lines.filter((line) => line.startsWith('Starting'))).toEqual([lines[0]]);
    expect(lines[0]).toEqual(STARTING);
    expect(lines.filter((line) => line.startsWith('Ending'))).toEqual([
      'Ending Instance Execution: … (success)',
    ]);
  });
});

const NOT_ENDED = { phase: { $ne: 'ended' } } as const;
