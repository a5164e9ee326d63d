import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const COUNT = 200;
const BODY_BYTES = 900_000;

/** Has its whole body in memory for a while. */
const KEEP = `module.exports = async (context, { trigger }) => {
  await new Promise((done) => setTimeout(done, 800));
  return { data: trigger.results.body.data.list.length };
};`;

describe('many bodies that are not large by themselves', () => {
  let system: System;
  let subject: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem();
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Bodies', [{ name: 'Keep', steps: [code('Keep', KEEP)] }]),
    });
  });
  afterAll(() => system?.stop());

  test('are not all in the memory of one runner at once, which they would end', async () => {
    const body = JSON.stringify({ list: Array.from({ length: BODY_BYTES / 9 }, (_, at) => 10_000_000 + at) });
    const headers = { 'content-type': 'application/json' };
    const deliver = () =>
      until('a delivery is taken', async () => {
        const given = await fetch(subject.webhooks['Keep']!, { method: 'POST', body, headers });
        await given.arrayBuffer();
        return given.status === 503 ? undefined : given.status;
      });
    const statuses = await Promise.all(Array.from({ length: COUNT }, deliver));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const ended = await until(
      'all ends',
      async () => {
        const found = await system.deps.store.executions
          .find({ phase: 'ended' }, { request: 0 })
          .lean<Execution[]>();
        return found.length === COUNT ? found : undefined;
      },
      120_000,
    );
    expect(ended.filter(({ status }) => status !== 'SUCCESS')).toEqual([]);
    const repeated = await system.deps.store.stepResults.countDocuments({ attempt: { $gt: 1 } });
    expect(repeated).toBe(0);
  }, 180_000);
});
