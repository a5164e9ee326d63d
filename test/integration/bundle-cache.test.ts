import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleCache } from '../../src/activities/bundles/bundle-cache';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { callBundle, resultOf } from '../support/package-runner';
import { bundleOf, packageOf, sha1, zipOf } from '../support/published-packages';
import { until } from '../support/runner-processes';

const READS = `exports.default = { actions: { read: { perform: async (_context, { path }) => {
  const fs = require('node:fs');
  const attempt = (run) => { try { return run(); } catch (error) { return error.code; } };
  return { data: {
    own: fs.readFileSync(__dirname + '/data/words.txt', 'utf8'),
    folder: attempt(() => fs.readdirSync(__dirname + '/..')),
    write: attempt(() => fs.writeFileSync(__dirname + '/new.txt', '')),
    change: attempt(() => fs.writeFileSync(__filename, '')),
    users: attempt(() => fs.readFileSync('/etc/passwd', 'utf8').length),
  } };
} } } };`;

const ROOMY = { packages: 100, bytes: 1_000_000, inUseMs: 60_000, most: 2, loadingMs: 60_000 };

test('packages in use take no more than a fixed room: one more is refused, to be tried again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-cache-'));
  const zips = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => packageOf({ key }));
  const signatures = zips.map(sha1);
  const read = async (signature: string) => zips[signatures.indexOf(signature)] ?? Buffer.alloc(0);
  const limits = { ...ROOMY, packages: 2, most: 2, loadingMs: 700 };
  const cache = new BundleCache(folder, read, limits);
  for (const signature of signatures.slice(0, 4)) await cache.path(signature);
  const [first = '', , , , fifth = '', sixth = ''] = signatures;
  const refused: unknown = await cache.path(fifth).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'limit_exceeded', retryable: true });
  expect((refused as Error).message).toMatch(/has 4 packages .* no room/);
  // What is there stays of use, and what is not loading any more makes room.
  expect(existsSync(await cache.path(first))).toBe(true);
  await new Promise((done) => setTimeout(done, 800));
  expect(existsSync(await cache.path(fifth))).toBe(true);
  expect(existsSync(await cache.path(sixth))).toBe(true);
  expect((await readdir(folder)).filter((name) => !name.startsWith('.')).length).toBeLessThanOrEqual(4);
  const few = new BundleCache(await mkdtemp(join(folder, 'few-')), read, { ...ROOMY, bytes: 1 });
  await few.path(first);
  await expect(few.path(fifth)).rejects.toThrow('no room');
  await rm(folder, { recursive: true, force: true });
});

test('of unpacked packages those go that were of no use for longest, when there are too many', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-cache-'));
  const zips = ['a', 'b', 'c', 'd'].map((key) => packageOf({ key }));
  const [a = '', b = '', c = '', d = ''] = zips.map(sha1);
  const read = async (signature: string) => zips.find((zip) => sha1(zip) === signature) ?? Buffer.alloc(0);
  const cache = new BundleCache(folder, read, { ...ROOMY, packages: 2, inUseMs: 0 });
  const onDisk = async () => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  for (const signature of [a, b, a, c]) await cache.path(signature);
  await until(async () => (await onDisk()).length === 2);
  expect(await onDisk()).toEqual([a, c].sort());
  expect(existsSync(await cache.path(b))).toBe(true);
  const patient = new BundleCache(folder, read, { ...ROOMY, packages: 1, bytes: 1, most: 1_000_000 });
  expect(existsSync(await patient.path(d))).toBe(true);
  await rm(folder, { recursive: true, force: true });
});

describe.each(['auto', 'none'] as const)('packages in runners (confinement %s)', (confinement) => {
  let pool: RunnerPool;
  const reads: string[] = [];
  const packages = new Map<string, Buffer>();
  let cache: BundleCache;

  const add = (zip: Buffer): string => {
    packages.set(sha1(zip), zip);
    return sha1(zip);
  };

  beforeAll(() => {
    pool = createRunnerPool({ size: 1, memoryMb: 128, confinement });
    cache = new BundleCache(pool.bundleFolder, async (signature) => {
      reads.push(signature);
      const zip = packages.get(signature);
      if (zip === undefined) throw new Error('There is no such package.');
      return zip;
    });
  });
  afterAll(async () => {
    await pool.close();
    expect(existsSync(pool.bundleFolder)).toBe(false);
  });

  it('are unpacked once for all who ask at the same time, and run', async () => {
    const signature = add(packageOf({ key: 'first' }));
    const paths = await Promise.all(Array.from({ length: 20 }, () => cache.path(signature)));
    expect(new Set(paths).size).toBe(1);
    expect(await cache.path(signature)).toBe(paths[0]);
    expect(reads.filter((read) => read === signature)).toHaveLength(1);
    const [bundlePath = ''] = paths;
    const outcome = await callBundle(pool, { bundlePath, signature }, ['action', 'run']);
    expect(resultOf(outcome)).toEqual({ data: 'first.run' });
  });

  it('read their own files, list no other packages and write nothing', async () => {
    const signature = add(zipOf({ 'index.js': READS, 'data/words.txt': 'two words' }));
    const bundlePath = await cache.path(signature);
    const outcome = await callBundle(pool, { bundlePath, signature }, ['action', 'read']);
    const { data } = resultOf(outcome) as { data: Record<string, unknown> };
    expect(data).toMatchObject({ own: 'two words', write: 'ERR_ACCESS_DENIED', change: 'ERR_ACCESS_DENIED' });
    expect(data['users']).toMatch(/ERR_ACCESS_DENIED|ENOENT/);
    // Without a user of its own the folder's mode does not hold for a runner.
    const canList = pool.confinement.level === 'none' || process.getuid?.() !== 0;
    expect(Array.isArray(data['folder'])).toBe(canList);
  });

  it('that are not what their signature says are refused', async () => {
    const signature = add(packageOf({ key: 'real' }));
    packages.set(signature, packageOf({ key: 'forged' }));
    await expect(cache.path(signature)).rejects.toThrow(/was changed/);
    await expect(cache.path('../../etc')).rejects.toThrow(/no signature/);
    expect((await readdir(pool.bundleFolder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('are asked for again after they could not be read', async () => {
    const zip = packageOf({ key: 'late' });
    await expect(cache.path(sha1(zip))).rejects.toThrow('There is no such package.');
    expect(await cache.path(add(zip))).toContain(sha1(zip));
  });

  it('fail each call alone while they cannot be loaded, and say why', async () => {
    const signature = add(zipOf({ 'index.js': `${bundleOf({ key: 'x' })}; throw new Error('no licence');` }));
    const bundlePath = await cache.path(signature);
    const outcome = await callBundle(pool, { bundlePath, signature }, ['action', 'run']);
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'component_error',
        message: expect.stringMatching(/^The code of component "full" could not be loaded: no licence/),
      },
    });
  });
});
