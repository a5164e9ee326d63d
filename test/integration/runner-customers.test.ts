import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { runnerPids, until } from '../support/runner-processes';
import { startSystem } from '../support/system';

describe('steps that run a second time after their process died', () => {
  test('wait for those of another customer for seconds only, also where customers share processes', async () => {
    const held: ServerResponse[] = [];
    let isHolding = true;
    const service = createServer((request, response) => {
      if (isHolding && (request.url === '/long' || held.length < 4)) held.push(response);
      else response.end('done');
    });
    await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
    const { port } = service.address() as AddressInfo;
    const system = await startSystem({ env: { TENON_RUNNERS: '1', TENON_ALLOW_ADDRESSES: 'loopback' } });
    /** Delivers to a flow of a new customer, whose step asks the service. */
    const aCaller = async (path: string, isSynchronous: boolean) => {
      const step = `module.exports = async () => ({ data: await (await fetch('http://127.0.0.1:${port}${path}')).text() });`;
      const flow = { name: 'Main', isSynchronous, steps: [code('Ask', step)] };
      const text = definition(`Asks ${path}`, [flow]);
      const { webhooks } = await aDeployedInstance(system.deps, system.ctx, { definition: text });
      return () => fetch(webhooks['Main']!, { method: 'POST', body: '{}' });
    };
    try {
      const long = await aCaller('/long', false);
      const short = await aCaller('/short', true);
      for (let count = 0; count < 3; count += 1) await long();
      await until(() => held.length === 3);
      const answer = short();
      await until(() => held.length === 4);
      for (const pid of runnerPids()) process.kill(pid, 'SIGKILL');
      // The long ones go on until they are answered.
      expect(await (await answer).json()).toBe('done');
    } finally {
      isHolding = false;
      for (const response of held) response.end('done');
      await system.stop();
      service.closeAllConnections();
      service.close();
    }
  }, 120_000);
});
