import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { callBundle, type PlacedBundle, placeBundle, resultOf } from '../support/package-runner';
import { until } from '../support/runner-processes';

/** What it makes while it loads, at once and a little later; and what its calls find. An ES module. */
const SOURCE = `
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const folder = mkdtempSync(join(tmpdir(), 'cache-'));
const kept = join(tmpdir(), 'kept.txt');
writeFileSync(kept, 'made at load');
const later = Promise.resolve().then(() => writeFile(join(tmpdir(), 'later.txt'), 'made behind it'));
export default { actions: {
  look: { perform: async () => {
    await later;
    const counted = join(folder, 'counted');
    const before = existsSync(counted) ? readFileSync(counted, 'utf8') : '';
    writeFileSync(counted, before + '.');
    return { data: [before, readFileSync(kept, 'utf8'), readFileSync(join(tmpdir(), 'later.txt'), 'utf8')] };
  } },
  own: { perform: async () => {
    const found = existsSync(join(tmpdir(), 'own.txt'));
    writeFileSync(join(tmpdir(), 'own.txt'), 'of a call');
    return { data: [found, readFileSync(join(tmpdir(), 'own.txt'), 'utf8')] };
  } },
} };`;

/** What code steps of these tests have at hand; \`meet\` waits until as many calls of the process are there. */
const BEFORE = `
const fs = require('fs'); const fsp = require('fs/promises'); const os = require('os'); const { join } = require('path');
const stream = require('stream/promises'); const { promisify } = require('util'); const { pathToFileURL } = require('url');
const meet = async (place, count) => {
  const met = (globalThis.tenonTestMet ??= {});
  met[place] = (met[place] ?? 0) + 1;
  while (met[place] < count) await new Promise((done) => setTimeout(done, 5));
};`;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'runner-temp-'));
  writeFileSync(join(scratch, 'index.js'), SOURCE);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
async function dataOf(pool: RunnerPool, body: string): Promise<unknown> {
  const params = { code: `module.exports = async () => { ${BEFORE} ${body} }` };
  const outcome = await pool.perform(
    { component: CODE, kind: 'action', key: 'runCode', context: {}, params },
    { timeoutMs: 20_000, onLog: () => {} },
  );
  return resultOf(outcome)['data'];
}
const performed = async (pool: RunnerPool, bundle: PlacedBundle, key: string) =>
  resultOf(await callBundle(pool, bundle, ['action', key]))['data'];
/** Where a file of this name lies in the folders of runners, seen from outside; those of calls lie a folder deeper. */
const placesOf = (name: string): string[] =>
  readdirSync(tmpdir())
    .map((each) => join(tmpdir(), each, 'tmp'))
    .filter((folder) => folder.includes(`tenon-runner-${process.pid}-`) && existsSync(folder))
    .flatMap((folder) => [folder, ...readdirSync(folder).map((each) => join(folder, each))])
    .filter((folder) => existsSync(join(folder, name)));

describe.each(['auto', 'none'] as const)('temporary files of calls (confinement %s)', (confinement) => {
  let pool: RunnerPool;
  let root: string;
  beforeAll(async () => {
    pool = createRunnerPool({ size: 1, memoryMb: 128, confinement });
    root = (await dataOf(pool, 'return { data: os.tmpdir() };')) as string;
  });
  afterAll(() => pool.close());

  it.each([
    ['at once', `fs.writeFileSync(path, mark);`, `fs.readFileSync(path, 'utf8')`],
    ['by its literal path', `fs.writeFileSync('ROOT/x.txt', mark);`, `fs.readFileSync('ROOT/x.txt', 'utf8')`],
    ['by a relative path', `fs.writeFileSync('x.txt', mark);`, `fs.readFileSync('./x.txt', 'utf8')`],
    ['by bytes', `fs.writeFileSync(Buffer.from(path), mark);`, `fs.readFileSync(Buffer.from(path), 'utf8')`],
    [
      'by a URL',
      `fs.writeFileSync(pathToFileURL(path), mark);`,
      `fs.readFileSync(pathToFileURL(path), 'utf8')`,
    ],
    [
      'with callbacks',
      `await promisify(fs.writeFile)(path, mark); await promisify(fs.access)(path);`,
      `await new Promise((done) => fs.readFile(path, 'utf8', (_error, text) => done(text)))`,
    ],
    ['with promises', `await fsp.writeFile(path, mark);`, `await fs.promises.readFile(path, 'utf8')`],
    [
      'with an open file',
      `const file = await fsp.open(path, 'w+'); await file.writeFile(mark); await file.close();`,
      `await (async () => { const file = fs.openSync(path); return fs.readFileSync(file, 'utf8'); })()`,
    ],
    [
      'with streams',
      `await stream.pipeline([mark], fs.createWriteStream(path));`,
      `(await fs.createReadStream(path).toArray()).join('')`,
    ],
    [
      'with copies and other names',
      `fs.writeFileSync(path + '1', mark); fs.renameSync(path + '1', path + '2'); await fsp.copyFile(path + '2', path + '3');
       fs.linkSync(path + '3', path + '4'); fs.cpSync(path + '4', path + '5'); await fsp.rename(path + '5', path);`,
      `fs.readFileSync(path, 'utf8')`,
    ],
    [
      'by import',
      `(await import('node:fs')).writeFileSync(path, mark);`,
      `await (await import('node:fs/promises')).readFile(path, 'utf8')`,
    ],
    [
      'in a folder that it goes to',
      `fs.mkdirSync(join(root, 'deep' + mark)); process.chdir(join(root, 'deep' + mark)); fs.writeFileSync(path, mark);`,
      `fs.readFileSync(path, 'utf8')`,
    ],
  ])('are its own, written %s, though another call uses the name meanwhile', async (how, write, read) => {
    const body = (mark: string) =>
      `const mark = '${mark}'; const root = os.tmpdir(); const path = join(root, 'x.txt'); ${write}
       await meet('${how}', 2); return { data: [${read}, fs.readdirSync(root).includes('x.txt')] };`;
    const text = (mark: string) => body(mark).replaceAll('ROOT', root);
    const found = await Promise.all([dataOf(pool, text('a')), dataOf(pool, text('b'))]);
    expect(found).toEqual([
      ['a', true],
      ['b', true],
    ]);
    // Where the program itself lies below the root, Node refuses the root, and it goes into a folder there.
    const back = new RegExp(`^${root}(/calls-\\w+)?$`);
    expect(await dataOf(pool, `return { data: [fs.readdirSync(os.tmpdir()), process.cwd()] };`)).toEqual([
      [],
      expect.stringMatching(back),
    ]);
  });

  it('go by the paths that the call knows, in answers and in errors', async () => {
    const data = await dataOf(
      pool,
      `const root = os.tmpdir(); const code = (run) => { try { run(); } catch (error) { return [error.path, error.message]; } };
       const made = fs.mkdtempSync(join(root, 'a-')); const beside = fs.mkdtempSync(root + '/');
       const first = await fsp.mkdir(join(made, 'b/c'), { recursive: true });
       const [entry] = await fsp.readdir(made, { withFileTypes: true });
       const failed = await fsp.readFile(join(root, 'no')).catch((error) => [error.path, error.message]);
       const called = await new Promise((done) => fs.stat(join(root, 'no'), (error) => done(error.path)));
       return { data: {
         made: [made, beside].map((each) => each.startsWith(root + '/') && !each.includes('own')),
         parent: entry.parentPath === made, first: first === join(made, 'b'),
         real: [await fsp.realpath(made), fs.realpathSync.native(made), fs.realpathSync(root)].map((each) => each.replace(made, 'made')),
         failed, called, thrown: code(() => fs.readdirSync(join(root, 'no'))), isFolder: fs.statSync(root).isDirectory(),
         listed: fs.readdirSync(root).length, exists: await promisify(fs.exists)(made) } };`,
    );
    const path = join(root, 'no');
    expect(data).toEqual({
      made: [true, true],
      parent: true,
      first: true,
      real: ['made', 'made', root],
      failed: [path, `ENOENT: no such file or directory, open '${path}'`],
      called: path,
      thrown: [path, `ENOENT: no such file or directory, scandir '${path}'`],
      isFolder: true,
      listed: 2,
      exists: true,
    });
  });

  it('are removed from disk behind the call', async () => {
    const name = `left-${confinement}`;
    const call = dataOf(
      pool,
      `const path = join(os.tmpdir(), '${name}'); fs.mkdirSync(path); fs.writeFileSync(join(path, 'x'), '1');
       await meet('left', 2); return { data: 1 };`,
    );
    await until(() => placesOf(name).length === 1);
    await dataOf(pool, `await meet('left', 2); return { data: 1 };`);
    await call;
    await until(() => placesOf(name).length === 0);
  });

  it.each([
    ['wrote files', `fs.writeFileSync('x.txt', '');`],
    ['wrote none', ''],
  ])('are not made any more by code that goes on behind the end of a call that %s', async (how, write) => {
    const late = `globalThis.tenonTestLate`;
    await dataOf(
      pool,
      `${write} ${late} = undefined;
       void meet('${how}', 2).then(() => fsp.writeFile('late.txt', '')).then(() => 'made', (error) => error.code)
         .then((found) => { ${late} = found; });
       return { data: 1 };`,
    );
    const found = await dataOf(
      pool,
      `await meet('${how}', 2); while (!${late}) await new Promise((done) => setTimeout(done, 5));
       return { data: [${late}, fs.existsSync('late.txt')] };`,
    );
    expect(found).toEqual(['ENOENT', false]);
  });

  it('that a package made while it loaded are there for all of its calls, others not', async () => {
    const bundle = placeBundle(pool, join(scratch, 'index.js'));
    const ofLoad = ['made at load', 'made behind it'];
    for (const before of ['', '.', '..'])
      expect(await performed(pool, bundle, 'look')).toEqual([before, ...ofLoad]);
    for (let call = 0; call < 2; call += 1)
      expect(await performed(pool, bundle, 'own')).toEqual([false, 'of a call']);
  });
});

it('the temporary folder can be listed where a path below it may be read as well', async () => {
  const pool = createRunnerPool({ size: 1, memoryMb: 128, readPaths: [scratch] });
  const bundle = placeBundle(pool, join(scratch, 'index.js'));
  await performed(pool, bundle, 'look');
  const body = `fs.writeFileSync('here.txt', ''); return { data: fs.readdirSync(os.tmpdir()) };`;
  expect([await dataOf(pool, body), await dataOf(pool, body)]).toEqual([['here.txt'], ['here.txt']]);
  await pool.close();
});
