import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { entrySegments } from '../../../src/components/package/entry-path';
import type { PackageLimits } from '../../../src/components/package/package-limits';
import { unpackPackage } from '../../../src/components/package/unpack-package';

/** Unpacking what strangers send: nothing but a proper package gets through, and nothing lands elsewhere. */
let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tenon-unpack-'));
  folder = mkdtempSync(join(parent, 'inside-'));
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

const zip = (files: Record<string, string>, options = {}) =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), options),
  );
const limits: PackageLimits = { entries: 10, expandedBytes: 10_000, pathLength: 100 };

/** What unpacking ends with, null when it went well. */
function faultOf(bytes: Buffer, into: string): Promise<{ isPackageError?: true; message: string } | null> {
  return unpackPackage(bytes, into, limits).then(
    () => null,
    (error: Error) => error,
  );
}

/** Message of the refusal. */
async function refusal(bytes: Buffer): Promise<string> {
  const fault = await faultOf(bytes, folder);
  expect(fault).toMatchObject({ isPackageError: true });
  // What a refused package wrote so far lies inside.
  expect(readdirSync(parent)).toHaveLength(1);
  return fault?.message ?? '';
}

/** Every occurrence of a text in the zip's bytes put in place of another of the same length. */
function renamed(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
}

test('all files of a package are there again, with their folders', async () => {
  const { entry } = await unpackPackage(
    zip({ 'index.js': 'code', 'assets/deep/icon.png': 'picture', 'empty.txt': '' }),
    folder,
    limits,
  );
  expect(entry).toBe(join(folder, 'index.js'));
  expect(readFileSync(entry, 'utf8')).toBe('code');
  expect(readFileSync(join(folder, 'assets/deep/icon.png'), 'utf8')).toBe('picture');
  expect(readFileSync(join(folder, 'empty.txt'), 'utf8')).toBe('');
});

test.each([
  ['../out.js', /leads out of the package|invalid relative path/],
  ['a/../../x', /leads out of the package|invalid relative path/],
  ['/absolute', /absolute path/],
  ['C:/windo.js', /absolute path/],
  ['a//b', /empty name/],
  ['./here', /leads out of the package/],
])('an entry named %j is refused', async (name, reason) => {
  const plain = 'x'.repeat(name.length);
  const bytes = renamed(zip({ 'index.js': '', [plain]: 'evil' }, { level: 0 }), plain, name);
  expect(await refusal(bytes)).toMatch(reason);
});

test('a control character in a name is refused', () => {
  expect(() => entrySegments('a\u0001b', 100)).toThrow(/control character/);
  expect(() => entrySegments('a\0b', 100)).toThrow(/control character/);
});

test('a link is refused', async () => {
  const link = zipSync({ 'index.js': [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] });
  expect(await refusal(Buffer.from(link))).toMatch(/link/);
});

test.each([
  ['no zip at all', Buffer.from('just text'), /no readable zip/],
  ['nothing', Buffer.alloc(0), /no readable zip/],
  ['a zip without index.js', zip({ 'dist/index.js': '' }), /no index.js at its root/],
  ['a folder of that name', zip({ 'index.js/x': '' }), /no index.js at its root/],
  ['a cut zip', zip({ 'index.js': 'x'.repeat(100) }).subarray(0, 60), /no readable zip/],
  [
    'too many entries',
    zip(Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`f${at}`, '']))),
    /more than 10 entries/,
  ],
  ['too many folders', zip({ 'index.js': '', 'a/b/c/d/e/f/g/h/i/j': '' }), /more than 10 entries/],
  ['more than is allowed, unpacked', zip({ 'index.js': 'x'.repeat(10_001) }), /larger than/],
  ['a long path', zip({ 'index.js': '', [`${'a/'.repeat(60)}b`]: '' }), /path of more than 100/],
  ['a file that is a folder too', zip({ 'index.js': '', a: '', 'a/b': '' }), /twice/],
])('%s is refused', async (_, bytes, reason) => {
  expect(await refusal(bytes)).toMatch(reason);
});

test('a file that grows beyond its announced size is refused', async () => {
  const bytes = zip({ 'index.js': 'x'.repeat(5000) });
  // The uncompressed size, in the local header and in the directory.
  const size = Buffer.from(Uint32Array.of(5000).buffer);
  let at = bytes.indexOf(size);
  while (at >= 0) {
    bytes.writeUInt32LE(10, at);
    at = bytes.indexOf(size, at);
  }
  expect(await refusal(bytes)).toMatch(/no readable zip/);
});

test('the same name twice is refused', async () => {
  const bytes = renamed(zip({ 'index.js': 'one', 'indey.js': 'two' }), 'indey.js', 'index.js');
  expect(await refusal(bytes)).toMatch(/twice/);
});

test('any damage to a package ends within a second in a refusal or in files inside of the folder', async () => {
  const base = zip({
    'index.js': 'module.exports = 1;'.repeat(20),
    'assets/icon.png': 'picture',
    'b/c/': '',
  });
  const change = fc.record({ at: fc.nat(base.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('../../x', '/etc/x', '..\\x', 'a/../b', 'constructor', 'index.js/'),
  );
  const file = fc.oneof(
    fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = Buffer.from(base);
      for (const { at, byte } of changes) bytes[at] = byte;
      return bytes;
    }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.nat(base.length), fc.uint8Array({ maxLength: 40 }))
      .map(([cut, tail]) => Buffer.concat([base.subarray(0, cut), Buffer.from(tail)])),
    fc.constant(renamed(zip({ 'index.js': '', ppppppppp: 'x' }), 'ppppppppp', '__proto__')),
    fc.array(name, { maxLength: 4 }).map((names) => {
      const entries = names.map((entry) => [entry, strToU8('x')] as const);
      return Buffer.from(zipSync(Object.fromEntries([...entries, ['index.js', strToU8('x')]])));
    }),
  );
  const property = fc.asyncProperty(file, async (bytes) => {
    const inside = mkdtempSync(join(parent, 'inside-'));
    const before = readdirSync(parent).length;
    const startedAt = performance.now();
    const fault = await faultOf(bytes, inside);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(fault === null || fault.isPackageError).toBe(true);
    expect(readdirSync(parent)).toHaveLength(before);
    expect(existsSync('/etc/x')).toBe(false);
    rmSync(inside, { recursive: true, force: true });
  });
  await fc.assert(property, { numRuns: 500 });
  expect(Object.keys(Object.prototype)).toEqual([]);
});
