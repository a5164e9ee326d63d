import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const LOOP = (url: string) => `module.exports = async () => {
  await fetch('${url}/loop', { method: 'POST' });
  for (;;);
};`;

describe('an endless loop that somebody cancels', () => {
  let system: System;
  let echo: EchoServer;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer()]);
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  const record = (id: string) => system.deps.store.executions.findById(id).orFail().lean<Execution>();

  test('ends with its process, long before its step’s limit, and is not begun again', async () => {
    const { webhooks } = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Endless', [{ name: 'Main', steps: [code('Loop', LOOP(echo.url))] }]),
    });
    const id = (await deliver(webhooks['Main']!, {}))!;
    await until('the loop', () => echo.calls.length === 1);
    const cancelled = await fetch(`${system.apiUrl}/api/v1/executions/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    expect(cancelled.status).toBe(200);
    const ended = await until(
      'the end',
      async () => {
        const found = await record(id);
        return found.phase === 'ended' ? found : undefined;
      },
      60_000,
    );
    expect(ended).toMatchObject({ status: 'ERROR', error: { code: 'cancelled', stepName: 'Loop' } });
    expect(echo.calls).toHaveLength(1);
  }, 90_000);
});
