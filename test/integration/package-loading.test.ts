import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
