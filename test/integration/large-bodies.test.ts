import { code, definition } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const post = (url: string, path: string) =>
  `module.exports = async () => ({ data: (await fetch(${JSON.stringify(`${url}${path}`)}, { method: 'POST' })).status });`;

describe('executions with large bodies that wait for room', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer({ delayMs: 1500 })]);
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Large', [
        { name: 'Slow', steps: [code('One', post(echo.url, '/slow'))] },
        { name: 'Cancelled', steps: [code('One', post(echo.url, '/cancelled'))] },
      ]),
    });
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  const deliver = async (flow: string): Promise<string> => {
    const body = 'x'.repeat(5 * 2 ** 20);
    const headers = { 'content-type': 'text/plain' };
    // A process as busy as that of the tests is told now and then to come again.
    const response = await until('the delivery is taken', async () => {
      const given = await fetch(subject.webhooks[flow]!, { method: 'POST', body, headers });
      return given.status === 503 ? undefined : given;
    });
    const answer = (await response.json()) as { executionId: string };
    expect(answer).toEqual({ executionId: expect.any(String) });
    const { executionId } = answer;
    return Buffer.from(executionId, 'base64').toString('utf8').split(':').at(-1)!;
  };
  const ended = (id: string) =>
    until('the end of an execution', async () => {
      const record = await system.deps.store.executions.findById(id).lean();
      return record?.phase === 'ended' ? record : undefined;
    });

  test('obey a cancel before their first step, and a slow one does not hold them up for good', async () => {
    // One after the other has room, a second each: there is time to cancel the last one.
    const slow = await Promise.all(Array.from({ length: 8 }, () => deliver('Slow')));
    const id = await deliver('Cancelled');
    await until('it has begun', async () => {
      const record = await system.deps.store.executions.findById(id).lean();
      return record?.phase === 'running';
    });
    const response = await fetch(`${system.apiUrl}/api/v1/executions/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    expect(response.status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: 'ERROR', error: { code: 'cancelled' } });
    expect(echo.count('/cancelled')).toBe(0);
    for (const each of slow) expect(await ended(each)).toMatchObject({ status: 'SUCCESS' });
    expect(echo.count('/slow')).toBeGreaterThanOrEqual(8);
  });
});
