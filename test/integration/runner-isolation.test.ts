import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { runnerPids, until } from '../support/runner-processes';

const isRoot = process.getuid?.() === 0;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-isolation-'));
  // Readable for everybody: only a view of the file system keeps it away.
  writeFileSync(join(folder, 'open.txt'), 'of the worker', { mode: 0o644 });
  process.env['TENON_TEST_SECRET'] = 'of-the-parent';
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runCode = (pool: RunnerPool, code: string): Promise<PerformOutcome> =>
  pool.perform(
    {
      component: { key: 'code', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key: 'runCode',
      context: {},
      params: { code: `module.exports = async () => { ${code} }` },
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
async function dataOf(pool: RunnerPool, code: string): Promise<unknown> {
  const outcome = await runCode(pool, code);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data: unknown }).data;
}
const messageOf = (outcome: PerformOutcome) => (outcome.ok ? 'done' : outcome.error.message);

/** Runs something, and gives the code of its error. */
const codeOf = (code: string) =>
  `let found = 'done'; try { ${code} } catch (error) { found = error.code } return { data: found };`;

describe.each(['auto', 'none'] as const)('a runner (confinement %s)', (confinement) => {
  let pool: RunnerPool;
  beforeAll(() => {
    pool = createRunnerPool({ size: 1, memoryMb: 128, confinement });
  });
  afterAll(() => pool.close());

  it.each([
    ['the environment of the worker', () => `require('fs').readFileSync('/proc/${process.pid}/environ')`],
    ['files of the worker', () => `require('fs').readFileSync('${folder}/open.txt')`],
    ['files of the worker by a promise', () => `await require('fs/promises').readFile('${folder}/open.txt')`],
    ['the list of a folder', () => `require('fs').readdirSync('${folder}')`],
    ['the checkout beyond the program', () => `require('fs').readFileSync('${process.cwd()}/README.md')`],
    ['a list of users', () => `require('fs').readFileSync('/etc/passwd')`],
    ['a place to write outside of its folder', () => `require('fs').writeFileSync('${folder}/new.txt', '')`],
    ['the program to write to', () => `require('fs').writeFileSync('${process.cwd()}/dist/new.txt', '')`],
  ])('has no way to %s', async (_what, code) => {
    expect(await dataOf(pool, codeOf(code()))).toMatch(/^(ERR_ACCESS_DENIED|ENOENT|EACCES|EROFS)$/);
  });

  it('writes and reads in a folder of its own, which goes with it', async () => {
    const data = await dataOf(
      pool,
      `const fs = require('fs'); const os = require('os');
       fs.writeFileSync('mark', 'mine');
       const made = fs.mkdtempSync(require('path').join(os.tmpdir(), 'a-'));
       fs.writeFileSync(made + '/x', '1');
       return { data: [fs.readFileSync('mark', 'utf8'), os.tmpdir() === process.cwd()] };`,
    );
    expect(data).toEqual(['mine', true]);
    const folders = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`tenon-runner-${process.pid}-`));
    await until(() => folders().length === 1);
    const [own = ''] = folders();
    // What lies there before a call is the process's.
    writeFileSync(join(tmpdir(), own, 'tmp', 'mark'), 'of it', { mode: 0o644 });
    const read = codeOf(`found = require('fs').readFileSync('mark', 'utf8')`);
    expect(await dataOf(pool, read)).toBe('of it');
    const other = createRunnerPool({ size: 1, memoryMb: 128, confinement });
    expect(await dataOf(other, read)).toBe('ENOENT');
    await other.close();
    await pool.close();
    expect(folders()).not.toContain(own);
    pool = createRunnerPool({ size: 1, memoryMb: 128, confinement });
  });

  it.each([
    ["require('child_process').spawn('true')", /may not start programs: child_process.spawn/],
    ["require('child_process').execFileSync('true')", /may not start programs/],
    ["require('child_process').fork('/x.js')", /may not start programs/],
    ["(await import('node:child_process')).exec('true')", /may not start programs/],
    ["new (require('child_process').ChildProcess)().spawn({})", /may not start programs/],
    ["require('cluster').fork()", /may not start programs/],
    ["new (require('worker_threads').Worker)('1', { eval: true })", /may not start threads/],
    ["require('module').register('data:text/javascript,')", /may not start threads/],
    ["process.binding('tcp_wrap')", /may not reach into the internals/],
    ["process.dlopen({ exports: {} }, '/x.node')", /may not reach into the internals/],
    ["require('/x.node')", /code step can require the built-in modules/],
    ["new (require('inspector').Session)().connect()", /may not reach into the internals/],
    ["require('v8').setFlagsFromString('--allow-natives-syntax')", /may not reach into the internals/],
    ["new (require('wasi').WASI)({ version: 'preview1' })", /may not reach into the internals/],
    ['process.kill(process.ppid)', /may not send signals/],
    ['process.abort()', /may not send signals/],
  ])('refuses %s with an error that says so', async (code, message) => {
    expect(messageOf(await runCode(pool, code))).toMatch(message);
    expect(messageOf(await runCode(pool, ''))).toBe('done');
  });

  it('keeps what it refuses refused, whatever code assigns', async () => {
    const refused = await runCode(
      pool,
      `'use strict'; try { require('child_process').spawn = 1 } catch {}
       try { Object.defineProperty(process, 'binding', { value: () => 1 }) } catch {}
       require('child_process').spawn('true')`,
    );
    expect(messageOf(refused)).toMatch(/may not start programs/);
    expect(messageOf(await runCode(pool, "process.binding('fs')"))).toMatch(/may not reach/);
  });
});

describe('a runner of a worker that is root', () => {
  const itAsRoot = isRoot ? it : it.skip;
  if (!isRoot) process.stdout.write('Not root: users of their own for runners are not tested.\n');

  itAsRoot('has a user of its own, other than that of its neighbour, and no rights', async () => {
    const pool = createRunnerPool({ size: 1, memoryMb: 128 });
    const other = createRunnerPool({ size: 1, memoryMb: 128, uid: 62_000 });
    const ids = 'return { data: [process.getuid(), process.getgid(), process.getgroups().length] }';
    const [uid, gid] = (await dataOf(pool, ids)) as number[];
    const [otherUid] = (await dataOf(other, ids)) as number[];
    expect(uid).toBeGreaterThanOrEqual(61_184);
    expect(gid).toBe(uid);
    expect(otherUid).not.toBe(uid);
    expect(otherUid).toBeGreaterThanOrEqual(62_000);
    const uids = runnerPids().map((pid) => statusOf(pid, 'Uid'));
    expect(new Set(uids).size).toBe(2);
    for (const pid of runnerPids()) expect(statusOf(pid, 'CapEff')).toMatch(/^0+$/);
    await Promise.all([pool.close(), other.close()]);
  });
});

describe('a runner with a view of its own', () => {
  it('sees no process but itself, no program, and gets no new rights', async () => {
    const pool = createRunnerPool({ size: 1, memoryMb: 128 });
    if (pool.confinement.level !== 'view') {
      process.stdout.write(`No view of its own here: ${pool.confinement.reason}\n`);
      await pool.close();
      return;
    }
    await dataOf(pool, 'return { data: 1 }');
    const [pid = 0] = runnerPids();
    // Seen from outside, past Node's own permission model.
    const root = `/proc/${pid}/root`;
    expect(readdirSync(`${root}/proc`).filter((name) => /^\d+$/.test(name))).toEqual(['1']);
    for (const program of ['/bin/sh', '/usr/bin/env', '/usr/bin/sh'])
      expect(existsSync(root + program)).toBe(false);
    expect(existsSync(`${root}/etc/passwd`)).toBe(false);
    expect(existsSync(`${root}${folder}/open.txt`)).toBe(false);
    expect(readdirSync(`${root}/old`)).toEqual([]);
    expect(statusOf(pid, 'NoNewPrivs')).toBe('1');
    expect(statusOf(pid, 'CapBnd')).toMatch(/^0+$/);
    await pool.close();
    await until(() => runnerPids().length === 0);
  });
});

function statusOf(pid: number, field: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
}
