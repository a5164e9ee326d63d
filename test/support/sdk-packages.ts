import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** The last of each major version whose packages are in use. */
export const SDK_VERSIONS = {
  5: '5.1.0',
  6: '6.5.2',
  7: '7.8.2',
  8: '8.1.7',
  9: '9.3.1',
  10: '10.31.1',
} as const;

export type SdkMajor = keyof typeof SDK_VERSIONS;

let installed: Promise<string> | undefined;

/** Installs all versions once a machine, beside each other, and answers the folder of a version's package. */
async function sdkFolder(major: SdkMajor): Promise<string> {
  installed ??= install();
  return join(await installed, 'node_modules', `sdk-${major}`);
}

async function install(): Promise<string> {
  const cache = join(homedir(), '.cache', 'tenon');
  const folder = join(cache, `sdks-${Object.values(SDK_VERSIONS).join('-')}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'sdks-new-'));
  const dependencies = Object.fromEntries(
    Object.entries(SDK_VERSIONS).map(([major, version]) => [
      `sdk-${major}`,
      `npm:@prismatic-io/spectral@${version}`,
    ]),
  );
  await writeFile(join(fresh, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const flags = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  await promisify(execFile)('npm', flags, { cwd: fresh, timeout: 240_000 });
  // Whoever is first puts it in place; the others' is the same.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return folder;
}

/**
 * Builds a component's source, a file of `test/support/packages`, into one minified CommonJS file as the SDK's own
 * toolchain does: with everything in it but Node's own modules. Answers its path, `index.js` in `folder`.
 */
export async function buildPackage(source: string, major: SdkMajor, folder: string): Promise<string> {
  const outfile = join(folder, 'index.js');
  await build({
    entryPoints: [resolve(__dirname, 'packages', source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    logLevel: 'error',
    logOverride: { 'import-is-undefined': 'silent' },
    alias: { '@prismatic-io/spectral': await sdkFolder(major) },
  });
  return outfile;
}
