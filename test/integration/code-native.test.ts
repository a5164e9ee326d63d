import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
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
import { buildPackage } from '../support/sdk-packages';

let folder: string;
let pool: RunnerPool;
let built: string;
let bundle: PlacedBundle;
let full: PlacedBundle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'code-native-'));
  pool = createRunnerPool({ size: 1, memoryMb: 256 });
  built = await buildPackage('code-native.ts', 10, join(folder, 'native'));
  bundle = placeBundle(pool, built);
  full = placeBundle(pool, await buildPackage('full-component.ts', 9, join(folder, 'full')));
}, 300_000);
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The other component as a plan pins it. */
const reachable = () => {
  const { bundlePath, signature } = full;
  return [{ pin: { key: 'full', isPublic: false, version: 1, signature }, bundlePath }];
};

const call = (kind: CallKind, key: string, options: CallOptions = {}) =>
  callBundle(pool, bundle, [kind, key], { reachable: reachable(), ...options });

describe('a code-native bundle', () => {
  it('brings its definition, bound to the key of the same load', async () => {
    const {
      manifest,
      codeNativeIntegrationYAML: yaml = '',
      publishingMetadata,
    } = await describeBundle(built);
    expect(manifest.isCodeNative).toBe(true);
    expect(publishingMetadata).toEqual({ flowsWithCustomerRequiredAPIKeys: [] });
    const definition = parse(yaml) as { isCodeNative: boolean; flows: { steps: unknown[] }[] };
    expect(definition.isCodeNative).toBe(true);
    expect(JSON.stringify(definition.flows)).toContain(manifest.key);
  });

  it('gets the results of its steps, and calls published and built-in components', async () => {
    const lines: RunnerLogLine[] = [];
    const outcome = await call('action', 'calling_onExecution', {
      stepResults: { onTrigger: { results: { body: { data: 7 } } } },
      context: { crossFlowState: { before: 1 } },
      onLog: (line) => lines.push(line),
    });
    const { data } = resultOf(outcome) as { data: Record<string, { data: { params: unknown } }> };
    expect(data['received']).toBe(7);
    // Default of the manifest, cleaned by the other component; the rest are the other component's defaults.
    expect(data['echo']?.data.params).toEqual({ name: '<from the manifest>', plain: 'plain', tags: [] });
    expect(data['crossFlowState']).toEqual({ before: 1, returned: 1 });
    expect(outcome.ok && outcome.states).toEqual({
      crossFlowState: { before: 1, returned: 1 },
      executionState: { inPlace: true },
      instanceState: { cursor: 'c' },
    });
    expect(lines.map(({ message }) => message)).toEqual([
      'Section: Work',
      'echo plain',
      'by the log component',
      'Section ends: Work',
    ]);
  });

  it('says which component it lacks', async () => {
    const outcome = await call('action', 'calling_onExecution', { reachable: [], stepResults: {} });
    expect(outcome).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('Component "full" cannot be called from here') },
    });
  });

  it('wraps the trigger of another component, with its functions and without', async () => {
    const triggered = await call('trigger', 'wrappedHook_onTrigger', { payload: { headers: {} } });
    expect(resultOf(triggered)).toMatchObject({ payload: { extra: '<World>' }, branch: 'B' });
    const states = async (key: string, kind: CallKind = 'onInstanceDeploy') => {
      const outcome = await call(kind, key);
      return outcome.ok && outcome.states;
    };
    expect(await states('wrappedHook_onTrigger')).toEqual({
      crossFlowState: { deployed: '<World>', own: true },
    });
    expect(await states('wrappedBare_onTrigger')).toEqual({ crossFlowState: { own: true } });
    expect(await states('wrappedBare_onTrigger', 'webhookCreate')).toEqual({});
  });
});
