import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

/** A worker with one slot runs ten first segments at once. */
const LONG_CALLS = 12;
const LONG_CALL_MS = 40_000;

describe('more long calls than a worker has slots', () => {
  let system: System;
  let slow: DeployedInstance;
  let fast: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem({ env: { TENON_WORKER_SLOTS: '1' } });
    const subject = (name: string, ms: number) =>
      aDeployedInstance(system.deps, system.ctx, {
        definition: definition(name, [
          {
            name: 'Main',
            steps: [
              code(
                'Call',
                `module.exports = () => new Promise((done) => setTimeout(() => done({ data: 1 }), ${ms}));`,
              ),
              code('Behind', 'module.exports = async () => ({ data: 2 });'),
            ],
          },
        ]),
      });
    slow = await subject('Slow', LONG_CALL_MS);
    fast = await subject('Fast', 1);
  });
  afterAll(() => system?.stop());

  const record = (id: string) => system.deps.store.executions.findById(id).orFail().lean();
  const ended = (id: string) =>
    until('the end', async () => ((await record(id)).phase === 'ended' ? record(id) : undefined), 90_000);

  test('give their slots back while they go on, and are told of as if they had kept them', async () => {
    const ids: string[] = [];
    for (let count = 0; count < LONG_CALLS; count += 1) {
      ids.push((await deliver(slow.webhooks['Main']!, { count }))!);
      // One by one: each has a driver of its own.
      await sleep(600);
    }
    const other = await ended((await deliver(fast.webhooks['Main']!, {}))!);
    expect(other.status).toBe('SUCCESS');
    const meanwhile = await Promise.all(ids.map(record));
    expect(meanwhile.filter(({ phase }) => phase === 'ended')).toEqual([]);
    expect(meanwhile.filter(({ walk }) => walk).length).toBeGreaterThanOrEqual(LONG_CALLS - 10);

    for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'SUCCESS' });
    const results = { executionId: { $in: ids } };
    expect(await system.deps.store.stepResults.countDocuments(results)).toBe(3 * LONG_CALLS);
    expect(await system.deps.store.stepResults.countDocuments({ ...results, attempt: { $gt: 1 } })).toBe(0);

    const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
    try {
      const client = new Client({ connection, dataConverter: createDataConverter(system.env) });
      const rows = await until('its driver to be over', async () => {
        const handle = client.workflow.getHandle(`execution:${ids[0]}`);
        if ((await handle.describe()).status.name !== 'COMPLETED') return undefined;
        const { currentDetails } = await handle.query<{ currentDetails: string }>(
          '__temporal_workflow_metadata',
        );
        return currentDetails.split('\n').slice(2);
      });
      expect(rows.map((row) => row.split(' | ').slice(0, 2).join(' '))).toEqual([
        '| Trigger ok',
        '| Call ok',
        '| Behind ok',
      ]);
    } finally {
      await connection.close();
    }
  }, 180_000);
});
