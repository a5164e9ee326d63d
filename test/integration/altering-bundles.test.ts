import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { callBundle, type PlacedBundle, placeBundle, resultOf } from '../support/package-runner';
import { runnerPids } from '../support/runner-processes';

/** As libraries that fill in what older systems lack, and some that add words to texts. */
const SOURCE = `
Object.defineProperty(Array.prototype, 'lastOfBundle', { value() { return this[this.length - 1]; }, configurable: true });
String.prototype.shouting = function () { return this.toUpperCase(); };
let calls = 0;
exports.default = { actions: { use: { perform: async () => {
  calls += 1;
  await new Promise((done) => setTimeout(done, 20));
  return { data: [[1, 2].lastOfBundle(), 'a'.shouting(), calls, process.pid] };
} } } };`;

let folder: string;
let pool: RunnerPool;
let bundle: PlacedBundle;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'altering-'));
  mkdirSync(folder, { recursive: true });
  const built = join(folder, 'index.js');
  writeFileSync(built, SOURCE);
  pool = createRunnerPool({ size: 2, memoryMb: 128 });
  bundle = placeBundle(pool, built);
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
const look = `module.exports = async () => ({ data: [typeof [].lastOfBundle, typeof ''.shouting] })`;
const use = async () => resultOf(await callBundle(pool, bundle, ['action', 'use']))['data'] as unknown[];

describe('a bundle that changes built-in objects while it loads', () => {
  it('runs with its changes, in a process that it keeps, and others see nothing of them', async () => {
    const others = Array.from({ length: 20 }, async () => {
      const outcome = await pool.perform(
        { component: CODE, kind: 'action', key: 'runCode', context: {}, params: { code: look } },
        { timeoutMs: 20_000, onLog: () => {} },
      );
      return resultOf(outcome)['data'];
    });
    const first = await Promise.all(Array.from({ length: 10 }, use));
    expect(first.map(([last, shouted]) => [last, shouted])).toEqual(first.map(() => [2, 'A']));
    expect(await Promise.all(others)).toEqual(others.map(() => ['undefined', 'undefined']));
    const before = runnerPids().sort((a, b) => a - b);
    const [, , calls] = await use();
    const [, , next] = await use();
    // Loaded once: it counts on.
    expect(next).toBe(Number(calls) + 1);
    expect(runnerPids().sort((a, b) => a - b)).toEqual(before);
  });

  it('may not change them further in a call', async () => {
    const built = join(folder, 'index.js');
    const worse = SOURCE.replace('calls += 1;', 'calls += 1; JSON.parse = () => 7;');
    mkdirSync(join(folder, 'worse'));
    writeFileSync(built.replace('index', 'worse/index'), worse);
    const placed = placeBundle(pool, join(folder, 'worse', 'index.js'));
    const call = async () => resultOf(await callBundle(pool, placed, ['action', 'use']))['data'] as unknown[];
    expect((await call())[2]).toBe(1);
    // The process of the first call is given up.
    expect((await call())[2]).toBe(1);
  });
});
