import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import { readEnv } from '../../src/config/env';
import { createProgress } from '../../src/dev/progress';
import { findBinary } from '../../src/dev/servers/binary';
import { TEMPORAL } from '../../src/dev/servers/temporal-binary';
import { probeFairness } from '../../src/temporal/fairness-probe';
import { freePort } from '../support/free-port';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

/** Whether the server shows workflows of the probe. */
async function countProbes(address: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const { count } = await connection.workflowService.countWorkflowExecutions({
      namespace: 'default',
      query: 'WorkflowType = "tenon-fairness-probe"',
    });
    return Number(count);
  } finally {
    await connection.close();
  }
}

const envFor = (address: string) => readEnv(testEnvironment({ TENON_TEMPORAL_ADDRESS: address }));

describe('the fairness probe', () => {
  let server: ChildProcess;
  let address: string;

  beforeAll(async () => {
    const binary = await findBinary(TEMPORAL, {
      env: process.env,
      progress: createProgress(process.stderr),
      signal: new AbortController().signal,
    });
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    const flags = ['--ip', '127.0.0.1', '--port', String(port), '--headless', '--log-level', 'never'];
    const isolation = ['--disable-config-file', '--disable-config-env'];
    server = spawn(binary, ['server', 'start-dev', ...flags, ...isolation], { stdio: 'ignore' });
    await until('the server', () =>
      countProbes(address).then(
        () => true,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    if (!server) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  });

  // What it leaves behind is seen on the other server: workers of other tests try this one, too.
  test('finds the keys honoured by a server that is set up for Tenon', async () => {
    const ours = process.env['TENON_TEST_TEMPORAL_ADDRESS']!;
    expect(await probeFairness(envFor(ours))).toBe('honoured');
  });

  test('finds the keys ignored by a server without the switch, and leaves nothing behind', async () => {
    expect(await probeFairness(envFor(address))).toBe('ignored');
    await until('the probe to be gone', async () => (await countProbes(address)) === 0);
  });

  test('rejects when the server cannot be reached', async () => {
    await expect(probeFairness(envFor(`127.0.0.1:${await freePort()}`))).rejects.toThrow();
  });
});
