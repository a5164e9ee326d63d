import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const WATCH = pathToFileURL(join(__dirname, '..', '..', '..', 'scripts', 'standstill.mjs')).href;
const STOOD_MS = 1500;
/** Watches, and waits for a child as `npm test` waits for Jest, until it gets a line. */
const WAITING = `
const { spawnSync } = require('node:child_process');
import('${WATCH}').then(async ({ watchStandstill }) => {
  const watch = await watchStandstill();
  process.stdout.write('waits ');
  spawnSync('head', ['-n', '1'], { stdio: ['inherit', 'ignore', 'inherit'] });
  process.stdout.write(String(watch.longestMs()));
});
`;

async function longestMs(meanwhile: (pid: number) => Promise<void>): Promise<number> {
  const child = spawn(process.execPath, ['-e', WAITING], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  await sleep(500);
  await meanwhile(child.pid!);
  child.stdin.end('go on\n');
  await ended;
  return Number(said.split(' ')[1]);
}

test('a run during which nothing could run is told from one that took its time, also while a child is waited for', async () => {
  const asLong = await longestMs(() => sleep(STOOD_MS));
  const stood = await longestMs(async (pid) => {
    process.kill(pid, 'SIGSTOP');
    await sleep(STOOD_MS);
    process.kill(pid, 'SIGCONT');
    // The thread has to wake up before it can tell.
    await sleep(500);
  });
  expect(stood).toBeGreaterThan(STOOD_MS - 200);
  expect(asLong).toBeLessThan(STOOD_MS - 200);
});
