import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/config/logger';
import { reconcileOpen } from '../../src/services/executions/repair/reconcile-open';
import { startAccepted } from '../../src/services/executions/repair/start-accepted';
import { sweepRemoved } from '../../src/services/executions/repair/sweep-removed';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const DEFINITION = definition('Sweeper subject', [
  { name: 'Sleep', steps: [step('Sleep', 'sleep.sleep', { ms: value('600000') })] },
]);

describe('what crashes leave behind', () => {
  let system: System;
  let subject: DeployedInstance;
  const logger = createLogger({ TENON_LOG_LEVEL: 'silent' }, 'api');

  beforeAll(async () => {
    system = await startSystem();
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  const deliver = async () => {
    await fetch(subject.webhooks['Sleep']!, { method: 'POST', body: '{}' });
    return until('an execution that waits', () =>
      system.deps.store.executions.findOne({ phase: 'running', armedWait: { $ne: null } }).lean(),
    );
  };
  const age = (id: string) =>
    system.deps.store.executions.updateOne(
      { _id: id },
      { $set: { acceptedAt: new Date(Date.now() - 600_000), startedAt: new Date(Date.now() - 600_000) } },
    );

  test('an execution whose workflow was terminated ends as terminated, with its last log line', async () => {
    const execution = await deliver();
    await age(execution._id);
    expect(await reconcileOpen(system.deps, logger)).toMatchObject({ ended: 0 });
    await system.deps.temporal.terminate(String(execution.workflowId), 'by a test');
    await system.deps.store.executions.updateOne({ _id: execution._id }, { $unset: { checkedAt: 1 } });
    expect(await reconcileOpen(system.deps, logger)).toMatchObject({ ended: 1 });
    const ended = await system.deps.store.executions.findById(execution._id).lean();
    expect(ended).toMatchObject({ phase: 'ended', status: 'ERROR', error: { code: 'terminated' } });
    const lines = await system.deps.store.logs
      .find({ executionId: execution._id })
      .sort({ ordinal: 1 })
      .lean();
    expect(lines.at(-1)?.message).toMatch(/^Ending Instance Execution/);
  });

  test('accepted executions of a missing instance are ended and hold up no other', async () => {
    const { executions } = system.deps.store;
    const execution = await deliver();
    const { _id: _, ...fields } = (await executions.findById(execution._id).lean())!;
    const old = new Date(Date.now() - 3_600_000);
    const orphan = {
      ...fields,
      phase: 'accepted',
      acceptedAt: old,
      instanceId: 'gone',
      deliveryKey: undefined,
    };
    await executions.collection.insertMany(
      Array.from({ length: 250 }, (_one, at) => ({
        ...orphan,
        _id: `orphan-${at}`,
        workflowId: `orphan-${at}`,
      })) as never[],
    );
    await until('the orphans to be ended', async () => {
      await startAccepted(system.deps, logger);
      return (await executions.countDocuments({ instanceId: 'gone', phase: 'ended' })) === 250;
    });
    await executions.deleteMany({ instanceId: 'gone' });
  });

  test('what a step writes after its instance was deleted is removed later', async () => {
    const execution = await deliver();
    await deleteInstance(system.deps, system.ctx, { id: subject.instanceId });
    const { stepResults } = system.deps.store;
    await sleep(50);
    await stepResults.collection.insertOne({
      _id: 'late',
      executionId: execution._id,
      instanceId: subject.instanceId,
    } as never);
    await sweepRemoved(system.deps);
    expect(await stepResults.countDocuments({ instanceId: subject.instanceId })).toBe(0);
  });
});
