import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Prism, PrismResult } from './prism';

const run = promisify(execFile);

/** A project as the SDK's generator makes it, with its packages installed. */
export interface SdkProject {
  folder: string;
  /** Builds it by its own script. */
  build(): Promise<void>;
  /** Runs a `prism` command in its folder. */
  prism(...args: string[]): Promise<PrismResult>;
  /** Puts another text into one of its files; throws when `from` is not there. */
  edit(path: string, from: string, to: string): Promise<void>;
}

/** What tsdown reads its configuration by where Node cannot run TypeScript itself, before version 22. */
const CONFIG_LOADER = { unrun: '0.2.39' };

/** Generates a component or a code-native integration, and installs what its package.json names. */
export async function generateProject(
  prism: Prism,
  kind: 'components' | 'integrations',
  name: string,
): Promise<SdkProject> {
  await prism.run([`${kind}:init`, name]);
  const folder = prism.path(name);
  await symlink(join(await installed(folder), 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    async build() {
      await run('npm', ['run', 'build'], { cwd: folder, timeout: 60_000 });
    },
    prism: (...args) => prism.run(args, { cwd: folder }),
    async edit(path, from, to) {
      const text = await readFile(join(folder, path), 'utf8');
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      await writeFile(join(folder, path), text.replaceAll(from, to));
    },
  };
}

/** Installs the packages that a project names, once a machine: projects of one generator name the same ones. */
async function installed(project: string): Promise<string> {
  const text = await readFile(join(project, 'package.json'), 'utf8');
  const { dependencies, devDependencies } = JSON.parse(text) as Record<string, Record<string, string>>;
  const wanted = { dependencies, devDependencies: { ...devDependencies, ...CONFIG_LOADER } };
  const hash = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 16);
  const cache = join(homedir(), '.cache', 'tenon');
  const folder = join(cache, `sdk-project-${hash}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'sdk-project-new-'));
  await writeFile(join(fresh, 'package.json'), JSON.stringify({ private: true, ...wanted }));
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: fresh, timeout: 240_000 });
  // Whoever is first puts it in place; the others' is the same.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return folder;
}
