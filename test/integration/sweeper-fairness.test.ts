import { findWaiting } from '../../src/services/executions/repair/find-due';
import { type System, startSystem } from '../support/system';

describe('what the sweeper offers again', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  test('is the oldest of each instance: a long queue of one hides nobody else', async () => {
    const HOUR = 3_600_000;
    const waiting = (instanceId: string, number: number, age: number) => ({
      _id: `${instanceId}-${number}`,
      instanceId,
      phase: 'accepted',
      workflowId: null,
      acceptedAt: new Date(Date.now() - age - number),
    });
    const flood = Array.from({ length: 2500 }, (_, number) => waiting('flood', number, 2 * HOUR));
    const others = ['one', 'two', 'three'].map((instanceId) => waiting(instanceId, 0, HOUR));
    await system.deps.store.executions.collection.insertMany([...flood, ...others] as never[]);
    try {
      const found = (await findWaiting(system.deps)).map(({ _id }) => _id);
      expect(found).toEqual(expect.arrayContaining(['one-0', 'two-0', 'three-0']));
      const own = found.filter((id) => id.startsWith('flood'));
      expect(own).toHaveLength(500);
      expect(own[0]).toBe('flood-2499');
    } finally {
      await system.deps.store.executions.deleteMany({
        instanceId: { $in: ['flood', 'one', 'two', 'three'] },
      });
    }
  });
});
