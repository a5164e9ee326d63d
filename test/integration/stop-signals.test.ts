import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BUILT = join(__dirname, '..', '..', 'dist', 'config', 'stop-signals.js');
const SCRIPT = `
  const stopping = require(${JSON.stringify(BUILT)}).stopOnSignals();
  let told = 0;
  setTimeout(() => process.exit(1), 10_000);
  for (let at = 0; at < 2000; at += 1) stopping.addEventListener('abort', () => { told += 1; });
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
  stopping.addEventListener('abort', () => setTimeout(() => { console.log(told); process.exit(0); }, 50));
`;

test('two thousand runs may listen for the end of their process without a warning, and all are told', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', SCRIPT]);
  expect([stdout.trim(), stderr]).toEqual(['2000', '']);
});
