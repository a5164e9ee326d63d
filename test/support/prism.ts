import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The unmodified command line, pointed at a server by its environment, with an empty home. */
export interface Prism {
  /** Runs one command to its end; `input` is what it reads from standard input, `cwd` lies in the temporary home. */
  run(args: string[], options?: { input?: string; limitMs?: number; cwd?: string }): Promise<PrismResult>;
  /** As `run`; throws with everything that was printed unless the exit code is 0. Answers standard output. */
  ok(...args: string[]): Promise<string>;
  /** A file in the temporary home. */
  path(name: string): string;
  close(): Promise<void>;
}

export interface PrismResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Where the installed package lies. */
export const PRISM_DIRECTORY = dirname(createRequire(__filename).resolve('@prismatic-io/prism/package.json'));

/** The version that is installed, which the tests pin. */
export async function prismVersion(): Promise<string> {
  const text = await readFile(join(PRISM_DIRECTORY, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Without `accessToken` the command line has no credential at all. */
export async function createPrism(server: { apiUrl: string; accessToken?: string }): Promise<Prism> {
  const home = await mkdtemp(join(tmpdir(), 'tenon-prism-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    NO_COLOR: '1',
    NO_PROXY: '127.0.0.1',
    PRISM_SKIP_NEW_VERSION_CHECK: 'true',
    PRISMATIC_URL: server.apiUrl,
    ...(server.accessToken && { PRISM_ACCESS_TOKEN: server.accessToken }),
  };
  const run: Prism['run'] = (args, { input, limitMs = 60_000, cwd = home } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(PRISM_DIRECTORY, 'lib', 'run.js'), ...args], {
        cwd,
        env,
        stdio: 'pipe',
      });
      const output = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          output[name] += text;
        });
      }
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`prism ${args.join(' ')} did not end in ${limitMs} ms.\n${printed(output)}`));
      }, limitMs);
      child.once('error', reject);
      child.once('close', (exitCode) => {
        clearTimeout(timer);
        resolve({ exitCode, ...output });
      });
      child.stdin.end(input ?? '');
    });
  return {
    run,
    async ok(...args) {
      const result = await run(args);
      if (result.exitCode !== 0) {
        throw new Error(`prism ${args.join(' ')} exited with ${result.exitCode}.\n${printed(result)}`);
      }
      return result.stdout;
    },
    path: (name) => join(home, name),
    close: () => rm(home, { recursive: true, force: true }),
  };
}

function printed({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `stdout: ${stdout}\nstderr: ${stderr}`;
}
