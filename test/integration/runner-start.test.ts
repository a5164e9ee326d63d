import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runnerEntry } from '../../src/components/runner/entry';
import { createRunnerPool } from '../../src/components/runner/pool';
import { until } from '../support/runner-processes';

describe('the start of a runner process', () => {
  it('is told as missing once several in a row came to nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenon-runner-start-'));
    const entry = join(folder, 'main.js');
    writeFileSync(entry, 'process.exit(1);\n');
    const pool = createRunnerPool({ size: 1, memoryMb: 128, entry, confinement: 'none' });
    try {
      expect(pool.canStart()).toBe(true);
      await until(() => !pool.canStart());
    } finally {
      await pool.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leaves libraries aside that the SDK asks for, until something of them is used', () => {
    const script = `
      require(${JSON.stringify(join(dirname(runnerEntry()), 'put-off-libraries.js'))});
      require('@prismatic-io/spectral');
      const { dateIsAfter } = require('@prismatic-io/spectral/dist/conditionalLogic');
      const loaded = () => Object.keys(require.cache).filter((file) => file.includes('/node_modules/date-fns/')).length;
      const before = loaded();
      console.log(JSON.stringify({ isAfter: dateIsAfter('2026-01-02', '2026-01-01'), before, after: loaded() }));
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { isAfter, before, after } = JSON.parse(stdout) as {
      isAfter: boolean;
      before: number;
      after: number;
    };
    expect(isAfter).toBe(true);
    expect(before).toBeLessThan(20);
    expect(after).toBeGreaterThan(200);
  });

  it('ends where one of its guards cannot be put up, rather than run steps without it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenon-runner-start-'));
    const preload = join(folder, 'preload.cjs');
    writeFileSync(preload, "require('node:dns').Resolver = class { setServers() {} };\n");
    const child = fork(runnerEntry(), [], { execArgv: ['--require', preload], silent: true });
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      expect(code).toBe(1);
      expect(said).toMatch('This version of Node.js keeps the handle of a resolver elsewhere.');
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
