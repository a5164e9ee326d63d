import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallKind } from '../../src/components/runner/contract';
import { describeBundle } from '../../src/components/runner/describe-bundle';
import { createRunnerPool, type RunnerLogLine, type RunnerPool } from '../../src/components/runner/pool';
import {
  type CallOptions,
  callBundle,
  type PlacedBundle,
  placeBundle,
  resultOf,
} from '../support/package-runner';
import { buildPackage, SDK_VERSIONS, type SdkMajor } from '../support/sdk-packages';

const MAJORS = Object.keys(SDK_VERSIONS).map(Number) as SdkMajor[];
const APPLE_KEY = 'apple-key-4711';
const account = { key: 'apiKey', configVarKey: 'My Account', fields: { apiKey: APPLE_KEY } };
let folder: string;
let pool: RunnerPool;
const bundles = new Map<SdkMajor, PlacedBundle & { built: string }>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'package-sdks-'));
  pool = createRunnerPool({ size: 1, memoryMb: 256 });
  for (const major of MAJORS) {
    const built = await buildPackage('full-component.ts', major, join(folder, String(major)));
    bundles.set(major, { ...placeBundle(pool, built), built });
  }
}, 300_000);
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(MAJORS)('a package built with SDK %i', (major) => {
  const call = (kind: CallKind, key: string, options?: CallOptions) =>
    callBundle(pool, bundles.get(major) as PlacedBundle, [kind, key], options);
  /** From 6 on the SDK wraps what authors write. */
  const cleans = major >= 6;

  it('says what it holds', async () => {
    const { manifest } = await describeBundle(bundles.get(major)?.built ?? '');
    expect(manifest).toMatchObject({ key: 'full', isPublic: false, display: { label: 'Full' } });
    expect(Object.keys(manifest.actions)).toContain('echo');
    expect(manifest.actions['echo']?.inputs.find(({ key }) => key === 'tags')?.collection).toBe('valuelist');
    expect(manifest.connections).toMatchObject([
      { key: 'apiKey', inputs: [{ key: 'apiKey', type: 'password' }] },
    ]);
  });

  it('gets its parameters with defaults, and cleaned', async () => {
    const lines: RunnerLogLine[] = [];
    const outcome = await call('action', 'echo', {
      params: { name: 'Ada', account, more: 1 },
      context: { stepId: '1', configVars: {} },
      onLog: (line) => lines.push(line),
    });
    const { data, statusCode } = resultOf(outcome) as { data: Record<string, unknown>; statusCode: number };
    expect(statusCode).toBe(201);
    expect(data['params']).toEqual({
      name: cleans ? '<Ada>' : 'Ada',
      plain: 'plain',
      tags: [],
      account: { ...account, fields: { apiKey: '[redacted]' } },
      more: 1,
    });
    expect(data['context']).toEqual(
      expect.arrayContaining(['logger', 'stepId', 'configVars', 'executionState', 'instanceState']),
    );
    expect(lines.map(({ severity, message }) => [severity, message])).toEqual([['INFO', 'echo plain']]);
  });

  it('is loaded once', async () => {
    const count = async () => (resultOf(await call('action', 'echo'))['data'] as { calls: number }).calls;
    const before = await count();
    expect(await count()).toBe(before + 1);
  });

  it('changes states in place and by its result', async () => {
    const outcome = await call('action', 'state', { context: { instanceState: { kept: 1 } } });
    expect(outcome).toMatchObject({
      ok: true,
      states: {
        executionState: { inPlace: true },
        crossFlowState: { returned: 1 },
        instanceState: { kept: 1, cursor: 'c' },
      },
    });
  });

  it('hands on bytes and nothing', async () => {
    expect(resultOf(await call('action', 'binary'))).toEqual({
      data: Buffer.from([0, 1, 254, 255]),
      contentType: 'application/pdf',
    });
    expect(resultOf(await call('action', 'nothing'))).toBeUndefined();
  });

  it('tells faults of a connection, and no secret of it', async () => {
    const outcome = await call('action', 'refused', { params: { account } });
    expect(JSON.stringify(outcome)).not.toContain(APPLE_KEY);
    if (outcome.ok) throw new Error('It succeeded.');
    expect(outcome.error.message).toContain('[redacted] was refused');
    // The hook of this component throws an error of its own.
    expect(outcome.error).toMatchObject({ isConnectionError: true, connectionConfigVar: 'My Account' });
  });

  it('throws what its error hook made of an error', async () => {
    const outcome = await call('action', 'broken');
    if (outcome.ok) throw new Error('It succeeded.');
    expect(outcome.error.message).toBe(cleans ? 'hooked: broken inside' : 'broken inside');
  });

  it('has a trigger that gives payload, branch, answer and states', async () => {
    const outcome = await call('trigger', 'hook', { payload: { headers: { A: 'b' } }, params: {} });
    expect(outcome).toMatchObject({
      ok: true,
      result: {
        payload: { headers: { A: 'b' }, extra: major >= 7 ? '<World>' : 'World' },
        branch: 'B',
        response: { statusCode: 202, contentType: 'text/plain', body: 'ok' },
      },
      states: { crossFlowState: { seen: true } },
    });
  });
});
