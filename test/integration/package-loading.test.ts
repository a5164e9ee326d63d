import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describeBundle } from '../../src/components/runner/describe-bundle';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { callBundle, resultOf } from '../support/package-runner';

type Files = Record<string, string>;
/** What a bundle exports: one action that gives a value. */
const component = (value: string) => `{ key: 'x', display: { label: 'X', description: 'd' },
  actions: { run: { display: { label: 'R', description: 'd' }, inputs: [], perform: async () => ({ data: ${value} }) } } }`;

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-loading-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(into: string, files: Files): string {
  mkdirSync(into, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(into, name), text);
  return join(into, 'index.js');
}

/** What a bundle's action gives in a runner, once the check of packages has taken it. */
async function checkAndRun(pool: RunnerPool, files: Files, confinement: 'auto' | 'none'): Promise<unknown> {
  count += 1;
  const signature = count.toString(16).padStart(40, '0');
  const { manifest } = await describeBundle(put(join(folder, signature), files), { confinement });
  expect(Object.keys(manifest.actions)).toEqual(['run']);
  const bundlePath = put(join(pool.bundleFolder, signature), files);
  return resultOf(await callBundle(pool, { bundlePath, signature }, ['action', 'run']))['data'];
}

describe.each(['auto', 'none'] as const)('a bundle that the check takes (confinement %s)', (confinement) => {
  let pool: RunnerPool;
  beforeAll(() => {
    pool = createRunnerPool({ size: 1, memoryMb: 128, confinement });
  });
  afterAll(() => pool.close());

  it.each(['stdout', 'stderr'])('may look at process.%s and print while it loads', async (stream) => {
    const code = `console.log('at load'); const { isTTY = false } = process.${stream}; process.${stream}.write('more');
      exports.default = ${component('isTTY')};`;
    expect(await checkAndRun(pool, { 'index.js': code }, confinement)).toBe(false);
  });

  it('may ask who its user is, whom the system knows or not, while it loads and in calls', async () => {
    const code = `import os, { userInfo } from 'node:os';
      const { username, uid } = os.userInfo();
      const bytes = userInfo({ encoding: 'buffer' }).username.toString();
      export default ${component('[username, bytes, os.userInfo().username, uid === process.getuid()]')};`;
    const found = (await checkAndRun(pool, { 'index.js': code }, confinement)) as unknown[];
    const { username } = pool.confinement.level === 'none' ? userInfo() : { username: 'runner' };
    expect(found).toEqual([username, username, username, true]);
  });

  it.each<[string, Files]>([
    ['by its syntax', { 'index.js': `export default ${component('typeof require')}` }],
    [
      'by its syntax, with imports',
      { 'index.js': `import fs from 'node:fs'; fs.statSync; export default ${component('typeof require')}` },
    ],
    [
      'by its package.json',
      {
        'index.js': `export default ${component('typeof require')}`,
        'package.json': '{ "type": "module" }',
      },
    ],
  ])('runs as the ES module that it is %s', async (_by, files) => {
    expect(await checkAndRun(pool, files, confinement)).toBe('undefined');
  });
});

// Node 20 refuses the way into a folder when a path below it is named as well.
test('a bundle finds files by relative names while it loads, also where runners read a file below /tmp', async () => {
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, '');
  const pool = createRunnerPool({ size: 1, memoryMb: 128, readPaths: [caFile] });
  const code = `const text = require('node:fs').readFileSync('beside.txt', 'utf8');
    const inCall = () => { require('node:fs').writeFileSync('own.txt', text);
      return require('node:fs').readFileSync(process.cwd() + '/own.txt', 'utf8'); };
    exports.default = ${component('[text, inCall()]')};`;
  try {
    for (const text of ['of one', 'of another'])
      expect(await checkAndRun(pool, { 'index.js': code, 'beside.txt': text }, 'auto')).toEqual([text, text]);
  } finally {
    await pool.close();
  }
});
