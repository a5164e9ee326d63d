import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BundleCache } from '../../../src/activities/bundles/bundle-cache';
import { createRunnerPool } from '../../../src/components/runner/pool';
import { readPackage } from '../../../src/services/components/package-store';
import { step } from '../../support/definition-builder';
import { callBundle, resultOf } from '../../support/package-runner';
import { publishBuilt } from '../../support/publish-built';
import { sha1, zipOf } from '../../support/published-packages';
import type { Measured } from '../measure/measured-load';
import { percentile } from '../measure/percentile';
import { rounded, studyRow } from '../report/rows';
import { codeCall, dataOf } from '../runner-border/load';
import { deployWork } from '../stack/deploy-work';
import type { TenonTarget } from '../targets/tenon';
import { publisherOf } from './publish';
import { load, type Study, type StudyContext, scaled } from './study';

/** Packages that differ by a few bytes, so that each is loaded anew. */
const PACKAGES = 10;
const LATER_CALLS = 100;
const MEMORY_MB = 512;
/** A component with everything, with the SDK in its bundle as the SDK's toolchain puts it there. */
const SOURCE = join(__dirname, '..', '..', 'support', 'packages', 'full-component.ts');
const FLOWS = () => [{ name: 'Main', isSynchronous: true, steps: [step('List', 'full.list')] }];

interface Loads {
  publishMs: number;
  /** A synchronous run whose step is the first of a package in the worker, and later ones. */
  firstRunMs: number;
  later: Measured;
  /** In a runner of this process: from the store to the disk, the first call, later calls. */
  unpackMs: number;
  firstCallMs: number;
  laterCallMs: number;
  faults: string[];
}

/** What it costs that a package is loaded, in the product and in a runner alone. */
export const packageLoads: Study = {
  name: 'PACKAGE',
  about: 'first and later load of a published package in a runner; no plain workflow, whose code is built in',
  async run(context) {
    const target = await context.product();
    const folder = mkdtempSync(join(tmpdir(), 'tenon-bench-package-'));
    const pool = createRunnerPool({ size: 1, memoryMb: MEMORY_MB });
    try {
      const source = await bundle(folder);
      const { store } = target.product.services.deps;
      const cache = new BundleCache(pool.bundleFolder, (signature) => readPackage({ store }, signature));
      // The runner's own start is no part of a load.
      await dataOf(pool, codeCall('module.exports = async () => ({ data: 1 })'));
      const loads: Loads[] = [];
      for (let number = 1; number <= Math.max(2, scaled(PACKAGES, context.seconds)); number += 1) {
        const text = `${source}\n// ${number}\n`;
        const file = join(folder, `package-${number}.js`);
        await writeFile(file, text);
        const inProduct = await loadInProduct(context, target, file);
        const signature = sha1(zipOf({ 'index.js': readFileSync(file, 'utf8') }));
        const unpackedIn = await timed(() => cache.path(signature));
        const placed = { bundlePath: unpackedIn.value, signature };
        const call = async () => resultOf(await callBundle(pool, placed, ['action', 'list']));
        const first = await timed(call);
        const later: number[] = [];
        for (let at = 0; at < LATER_CALLS; at += 1) later.push((await timed(call)).ms);
        loads.push({
          ...inProduct,
          unpackMs: unpackedIn.ms,
          firstCallMs: first.ms,
          laterCallMs: percentile(later, 0.5),
        });
      }
      return resultOfLoads(loads, source.length);
    } finally {
      await pool.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'index.js');
  await build({
    entryPoints: [SOURCE],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    logLevel: 'error',
    logOverride: { 'import-is-undefined': 'silent' },
  });
  return readFileSync(outfile, 'utf8');
}

async function loadInProduct(context: StudyContext, target: TenonTarget, file: string) {
  const publisher = await publisherOf(target.product);
  // Public, so that a step names it as it names a built-in one.
  const published = await timed(() => publishBuilt(publisher, file, true));
  const work = { name: 'PACKAGE', flows: FLOWS, customers: 1 };
  const destinations = await deployWork(target.product, work, context.stack.serviceUrl);
  const first = await load(context, target, destinations, { total: 1 });
  const later = await load(context, target, destinations, { total: LATER_CALLS });
  const faults = [...first.faults, ...(await target.faults({ steps: 1 }, [...first.ids, ...later.ids]))];
  return { publishMs: published.ms, firstRunMs: first.answerMs.p50, later, faults };
}

function resultOfLoads(loads: Loads[], bundleBytes: number) {
  const median = (pick: (each: Loads) => number) => rounded(percentile(loads.map(pick), 0.5));
  const details = {
    packages: loads.length,
    bundleBytes,
    publishMs: median(({ publishMs }) => publishMs),
    run: {
      firstMs: median(({ firstRunMs }) => firstRunMs),
      laterMs: median(({ later }) => later.answerMs.p50),
    },
    runner: {
      unpackMs: median(({ unpackMs }) => unpackMs),
      firstCallMs: median(({ firstCallMs }) => firstCallMs),
      laterCallMs: median(({ laterCallMs }) => laterCallMs),
    },
  };
  const { run, runner } = details;
  const last = loads.at(-1);
  if (last === undefined) throw new Error('No package was loaded.');
  const faults = loads.flatMap((each) => each.faults);
  return {
    rows: [studyRow('PACKAGE', { busy: last.later, times: last.later.answerMs }, details, faults)],
    lines: [
      `  ${loads.length} packages of ${Math.round(bundleBytes / 1024)} KB, published and checked in ${details.publishMs.toFixed(0)} ms each (medians)`,
      `  a run with one step of it, answered: first ${run.firstMs.toFixed(1)} ms, later ${run.laterMs.toFixed(1)} ms`,
      `  in a runner: from the store to the disk ${runner.unpackMs.toFixed(1)} ms, first call ${runner.firstCallMs.toFixed(1)} ms, later ${runner.laterCallMs.toFixed(2)} ms`,
    ],
  };
}

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  const value = await run();
  return { value, ms: performance.now() - startedAt };
}
