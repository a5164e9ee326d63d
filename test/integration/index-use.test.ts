import { endedBefore } from '../../src/activities/batch/ended-before';
import { createLogger } from '../../src/config/logger';
import { sweepQueues } from '../../src/services/executions/queue/sweep-queues';
import { listExecutions } from '../../src/services/executions/read/list-executions';
import { clearDue } from '../../src/services/executions/repair/clear-due';
import { freeRoom } from '../../src/services/executions/repair/free-room';
import { reconcileOpen } from '../../src/services/executions/repair/reconcile-open';
import { startAccepted } from '../../src/services/executions/repair/start-accepted';
import { sweepRemoved } from '../../src/services/executions/repair/sweep-removed';
import { tellUntold } from '../../src/services/executions/repair/tell-untold';
import { wakeBehindWalks } from '../../src/services/executions/repair/wake-behind-walks';
import { sweepRetries } from '../../src/services/executions/retry/sweep-retries';
import { listLogs } from '../../src/services/logs/list-logs';
import type { Execution } from '../../src/store/models/execution.model';
import { changeFlow } from '../support/change-flow';
import { code, definition } from '../support/definition-builder';
import { executionIdIn } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

/** What grows with every run. */
const GROWING = ['executions', 'step_results', 'logs', 'blobs.files', 'blobs.chunks'];

describe('what grows with every run', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  const database = () => system.deps.store.connection.db!;
  const post = async (instance: DeployedInstance, key: string, body: unknown) => {
    const response = await fetch(instance.webhooks['Main']!, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return executionIdIn(response);
  };
  const ended = (ids: string[]) =>
    until('the executions to end', async () => {
      const found = await system.deps.store.executions
        .find({ _id: { $in: ids }, phase: 'ended' })
        .lean<Execution[]>();
      return found.length === ids.length ? found : undefined;
    });

  test('is never read whole: not by runs, repeated keys, queues, retries, batches, lists, or the sweeper', async () => {
    const { deps, ctx } = system;
    const text = definition('Indexed', [
      {
        name: 'Main',
        steps: [
          code(
            'Fail',
            "module.exports = async (context, { trigger }) => { if (trigger.results.body.data.fails) throw new Error('no'); return { data: trigger.results.body.data }; };",
          ),
        ],
      },
    ]);
    const instance = await aDeployedInstance(deps, ctx, { definition: text });
    const id = ['trigger', 'results', 'body', 'data', 'id'];
    await changeFlow(deps, instance.instanceId, 'Main', {
      queue: { limit: 2, dedupeId: id, isSingleton: false },
      retry: { maxAttempts: 1, delayMinutes: 1, usesExponentialBackoff: false, uniqueRequestId: id },
    });
    await database().command({ profile: 2 });
    const large = 'x'.repeat(100_000);
    const ids = [
      await post(instance, 'one', { id: 1, large }),
      await post(instance, 'two', { id: 1, large }),
      await post(instance, 'three', { id: 2, fails: true }),
    ];
    expect(await post(instance, 'one', { id: 1, large })).toBe(ids[0]);
    await ended(ids);
    await listExecutions(deps, ctx, { retryRootId: ids[2]! });
    await listExecutions(deps, ctx, { fanOutOf: ids[0]! });
    await listExecutions(deps, ctx, { instanceId: instance.instanceId });
    await listLogs(deps, ctx, { executionId: ids[0]! });
    await listLogs(deps, ctx, { instanceId: instance.instanceId });
    await endedBefore(deps, { executionIds: ids, workflowId: 'batch:none' }, []);
    const logger = createLogger(system.env, 'api');
    for (const pass of [startAccepted, reconcileOpen]) await pass(deps, logger);
    for (const pass of [freeRoom, sweepQueues, sweepRetries, sweepRemoved]) await pass(deps);
    await tellUntold(deps);
    await clearDue(deps);
    await wakeBehindWalks(deps);
    await deps.store.blobs.removeStaged();
    await database().command({ profile: 0 });
    const scans = await database()
      .collection('system.profile')
      .find({
        planSummary: /COLLSCAN/,
        ns: { $in: GROWING.map((name) => `${database().databaseName}.${name}`) },
      })
      .toArray();
    expect(scans.map(({ ns, command }) => [ns, JSON.stringify(command).slice(0, 300)])).toEqual([]);
    const seen = await database()
      .collection('system.profile')
      .countDocuments({ planSummary: /IXSCAN/ });
    expect(seen).toBeGreaterThan(10);
  });
});
