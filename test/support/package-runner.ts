import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallKind, PerformRequest } from '../../src/components/runner/contract';
import type { PerformOutcome, RunnerLogLine, RunnerPool } from '../../src/components/runner/pool';

/** A bundle where a pool's runners can read it, named by its content. */
export interface PlacedBundle {
  bundlePath: string;
  signature: string;
}

/** Puts a built bundle into a pool's folder, as the product does with packages. */
export function placeBundle(pool: RunnerPool, built: string): PlacedBundle {
  const signature = createHash('sha1').update(readFileSync(built)).digest('hex');
  const folder = join(pool.bundleFolder, signature);
  mkdirSync(folder, { recursive: true });
  const bundlePath = join(folder, 'index.js');
  copyFileSync(built, bundlePath);
  return { bundlePath, signature };
}

export interface CallOptions extends Partial<Omit<PerformRequest, 'component' | 'kind' | 'key'>> {
  onLog?: (line: RunnerLogLine) => void;
  timeoutMs?: number;
}

/** Calls a function of a bundle's component in a runner. */
export function callBundle(
  pool: RunnerPool,
  { bundlePath, signature }: PlacedBundle,
  [kind, key]: [CallKind, string],
  { onLog = () => {}, timeoutMs = 20_000, ...rest }: CallOptions = {},
): Promise<PerformOutcome> {
  const component = { key: 'full', isPublic: false, version: 1, signature };
  return pool.perform(
    { component, kind, key, bundlePath, context: {}, params: {}, ...rest },
    { timeoutMs, onLog },
  );
}

/** The result of a call that succeeded; throws the error of one that did not. */
export function resultOf(outcome: PerformOutcome): Record<string, unknown> {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome.result as Record<string, unknown>;
}
