import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { deliver, executionIdIn } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';
import { workflowsOf } from '../support/workflows-of';

const ANSWER = `module.exports = async (context, { trigger }) => {
  const { id } = trigger.results.body.data;
  if (id === 'odd') throw new Error('odd one');
  return { data: id };
};`;
/** Batches wait for company no longer. */
const QUIET_MS = 600;

describe('callers who wait for their answers', () => {
  let system: System;
  let subject: DeployedInstance;
  let single: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem();
    const text = definition('Succession', [
      { name: 'Ask', isSynchronous: true, steps: [code('Say', ANSWER)] },
      { name: 'Tell', steps: [code('Say', ANSWER)] },
    ]);
    const { deps, ctx } = system;
    subject = await aDeployedInstance(deps, ctx, { definition: text });
    const own = text.replace('Succession', 'Succession alone');
    single = await aDeployedInstance(deps, ctx, { definition: own, stepsPerActivity: 1 });
  });
  afterAll(() => system?.stop());
  beforeEach(() => sleep(QUIET_MS));

  const ask = async (id: string, { webhooks } = subject) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(webhooks['Ask']!, { method: 'POST', headers, body: JSON.stringify({ id }) });
    return { executionId: executionIdIn(response), status: response.status, body: await response.json() };
  };
  const askEach = async (ids: string[], instance = subject) => {
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (const id of ids) answers.push(await ask(id, instance));
    return answers;
  };
  const recordsOf = async (answers: { executionId: string }[]): Promise<Execution[]> => {
    const { executions } = system.deps.store;
    return Promise.all(answers.map(({ executionId }) => executions.findById(executionId).orFail().lean()));
  };
  const ownOf = ({ _id }: { _id: string }) => `execution:${_id}`;

  test('share a workflow when they come one behind the other, each with its own answer and end', async () => {
    const answers = await askEach(['1', '2', '3', '4', 'a', 'odd', 'e', 'f']);
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, '1'],
      [200, '2'],
      [200, '3'],
      [200, '4'],
      [200, 'a'],
      [502, expect.objectContaining({ code: 'component_failed', detail: 'odd one (line 3 of the code)' })],
      [200, 'e'],
      [200, 'f'],
    ]);
    const records = await recordsOf(answers);
    expect(records.map(({ status }) => status)).toEqual(
      answers.map(({ status }) => (status === 200 ? 'SUCCESS' : 'ERROR')),
    );
    // Nobody knew that more would come.
    const first = records.slice(0, 4);
    expect(first.map(({ workflowId }) => workflowId)).toEqual(first.map(ownOf));
    const boarded = records.filter(({ boardedOn }) => boardedOn);
    expect(boarded.length).toBeGreaterThan(0);
    for (const { boardedOn, workflowId } of boarded) expect(workflowId).toBe(boardedOn);
    for (const { _id, workflowId } of boarded) expect(await workflowsOf(system, _id)).toEqual([workflowId]);
  });

  test('have workflows of their own when they come now and then', async () => {
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (const id of ['a', 'b', 'c']) {
      answers.push(await ask(id));
      await sleep(QUIET_MS);
    }
    const records = await recordsOf(answers);
    expect(records.map(({ workflowId }) => workflowId)).toEqual(records.map(ownOf));
  });

  test('of an instance whose actions have activities of their own share nothing', async () => {
    const records = await recordsOf(await askEach(['1', '2', '3', '4', 'a', 'b'], single));
    expect(records.map(({ workflowId }) => workflowId)).toEqual(records.map(ownOf));
  });

  test('do not draw those in for whom nobody waits', async () => {
    await askEach(['1', '2', '3', '4', 'a', 'b']);
    const executionId = await deliver(subject.webhooks['Tell']!, { id: 'told' });
    const record = await until('its end', async () => {
      const found = await system.deps.store.executions.findById(executionId).orFail().lean();
      return found.phase === 'ended' ? found : undefined;
    });
    expect(record.workflowId).toBe(ownOf(record));
  });
});
