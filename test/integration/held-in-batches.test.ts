import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { type HoldingServer, startHoldingServer } from '../support/holding-server';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';
import { workflowsOf } from '../support/workflows-of';

const MEMBERS = 20;
const STEPS = ['one', 'two', 'three'];

const post = (url: string, name: string) => `module.exports = async (context, { trigger }) => {
  await fetch('${url}/${name}/' + trigger.results.body.data.id, { method: 'POST' });
  return {};
};`;

describe('what is asked of a member of a batch in the middle of its steps', () => {
  let system: System;
  let service: HoldingServer;
  /** By what was delivered. */
  let ids: string[];
  /** Those by which they began. */
  let workflows: (string | null)[];
  let batch: string;
  let held: number;
  let cancelled: number;

  beforeAll(async () => {
    [system, service] = await Promise.all([startSystem(), startHoldingServer('/one/')]);
    const { webhooks } = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Members', [
        { name: 'Flow', steps: STEPS.map((name) => code(name, post(service.url, name))) },
      ]),
    });
    const delivered = await Promise.all(
      Array.from({ length: MEMBERS }, (_, id) => deliver(webhooks['Flow']!, { id })),
    );
    ids = delivered.map(String);
    await until('all to be in their first step', () => ids.every((_, at) => callsOf(at)[0] === 1));
    workflows = (await Promise.all(ids.map((_, at) => record(at)))).map(({ workflowId }) => workflowId);
    const membersOf = (id: string | null) => [...ids.keys()].filter((at) => workflows[at] === id);
    const [largest] = workflows.map(membersOf).sort((a, b) => b.length - a.length);
    expect(largest!.length).toBeGreaterThan(2);
    [held, cancelled] = largest as [number, number];
    batch = workflows[held]!;
    expect(await ask(held, 'hold')).toBe(200);
    expect(await ask(cancelled, 'cancel')).toBe(200);
    service.open();
  });
  afterAll(async () => {
    await system?.stop();
    await service?.close();
  });

  const callsOf = (at: number) => STEPS.map((name) => service.count(`/${name}/${at}`));
  const record = (at: number) => system.deps.store.executions.findById(ids[at]).orFail().lean<Execution>();
  const ask = async (at: number, what: string) => {
    const response = await fetch(`${system.apiUrl}/api/v1/executions/${ids[at]}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    return response.status;
  };
  const endOf = (at: number) =>
    until('the end', async () => {
      const found = await record(at);
      return found.phase === 'ended' ? found : undefined;
    });
  const neighbours = () => ids.map((_, at) => at).filter((at) => at !== held && at !== cancelled);

  test('ends a cancelled one behind its step, in the batch', async () => {
    expect(batch).toMatch(/^batch:/);
    const { status, error, stepCount, workflowId } = await endOf(cancelled);
    expect([status, error?.code, stepCount, workflowId]).toEqual(['ERROR', 'cancelled', 2, batch]);
    expect(callsOf(cancelled)).toEqual([1, 0, 0]);
  });

  test('sends a held one on in a driver of its own, in which it waits; its neighbours end in the batch', async () => {
    for (const at of neighbours()) {
      const { workflowId, status } = await endOf(at);
      expect([status, workflowId, callsOf(at)]).toEqual(['SUCCESS', workflows[at], [1, 1, 1]]);
    }
    const own = `execution:${ids[held]}`;
    await until('the driver of the held one', async () => (await record(held)).workflowId === own);
    await until('the batch to be over', async () => !(await system.deps.temporal.isOpen(batch)));
    expect(await workflowsOf(system, ids[held]!)).toContain(own);
    expect(await system.deps.temporal.isOpen(own)).toBe(true);
    const { phase, control, stepCount } = await record(held);
    expect([phase, control]).toEqual(['running', 'hold']);
    expect([callsOf(held), stepCount]).toEqual([[1, 0, 0], 0]);
  });

  test('lets one that is resumed go on where it was: each of its steps is run once', async () => {
    expect(await ask(held, 'resume')).toBe(200);
    const { status, workflowId, stepCount } = await endOf(held);
    expect([status, workflowId, stepCount]).toEqual(['SUCCESS', `execution:${ids[held]}`, 4]);
    expect(callsOf(held)).toEqual([1, 1, 1]);
    const steps = { executionId: ids[held] };
    expect(await system.deps.store.stepResults.countDocuments(steps)).toBe(4);
    expect(await system.deps.store.stepResults.countDocuments({ ...steps, attempt: { $gt: 1 } })).toBe(0);
  });
});
