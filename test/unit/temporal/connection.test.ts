import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from '../../../src/temporal/connection';

test('a call that is being repeated when its connection is closed ends, and throws nowhere else', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const faults: unknown[] = [];
  const note = (error: unknown) => faults.push(error);
  process.on('uncaughtException', note);
  const connection = openConnection(`127.0.0.1:${port}`, 'default');
  const call = connection.workflowService.describeWorkflowExecution({ namespace: 'default' }).then(
    () => 'answered',
    () => 'failed',
  );
  await sleep(300);
  await connection.close();
  expect(await Promise.race([call, sleep(10_000, undefined, { ref: false }).then(() => 'open')])).toBe(
    'failed',
  );
  await sleep(500);
  process.off('uncaughtException', note);
  server.close();
  expect(faults).toEqual([]);
}, 20_000);

test('a call that begins when its connection is closed fails where it was made, and throws nowhere else', async () => {
  const faults: unknown[] = [];
  const note = (error: unknown) => faults.push(error);
  process.on('uncaughtException', note);
  const connection = openConnection('127.0.0.1:1', 'default');
  await connection.close();
  const call = connection.workflowService.describeWorkflowExecution({ namespace: 'default' }).then(
    () => 'answered',
    (error: Error) => error.message,
  );
  expect(await Promise.race([call, sleep(2000, 'open', { ref: false })])).toMatch(
    'The connection is closed.',
  );
  process.off('uncaughtException', note);
  expect(faults).toEqual([]);
});
