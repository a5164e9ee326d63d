import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const ROOT = join(__dirname, '..', '..', '..');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

const folder = mkdtempSync(join(tmpdir(), 'tenon-sandbox-'));
beforeAll(() => symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says; empty when it is content. */
function compile(project: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [TSC, '-p', project, '--pretty', 'false'],
      { cwd: ROOT },
      (error, stdout, stderr) => {
        resolve(error ? `${stdout}${stderr}` || String(error) : '');
      },
    );
  });
}

/** The bundle's code; rejects with all that the bundler says. */
async function bundle(workflowsPath: string): Promise<string> {
  const said: string[] = [];
  try {
    const logger = new DefaultLogger('ERROR', ({ message }) => said.push(message));
    return (await bundleWorkflowCode({ workflowsPath, logger })).code;
  } catch (error) {
    throw new Error([String(error), ...said].join('\n'));
  }
}

/** The paths of all modules in a bundle. */
function modulesOf(code: string): string[] {
  return [...code.matchAll(/^\/\*\*\*\/ "([^"]+)":?/gm)].map((match) => match[1]!);
}

describe('what runs in the workflow sandbox', () => {
  it('compiles without Node’s and the browser’s names', async () => {
    expect(await compile(join(ROOT, 'tsconfig.workflows.json'))).toBe('');
  });

  it('would not compile with any of them', async () => {
    const names = ['process', 'Buffer', 'fetch', 'setTimeout', 'require', 'console'];
    writeFileSync(join(folder, 'uses.ts'), names.map((name) => `void ${name};`).join('\n'));
    writeFileSync(
      join(folder, 'imports.ts'),
      "import { readFileSync } from 'node:fs';\nvoid readFileSync;\n",
    );
    const project = join(folder, 'tsconfig.json');
    const fenced = { extends: join(ROOT, 'tsconfig.workflows.json'), compilerOptions: { rootDir: folder } };
    writeFileSync(project, JSON.stringify({ ...fenced, include: [folder] }));
    const said = await compile(project);
    for (const name of [...names, 'node:fs']) expect(said).toContain(`'${name}'`);
  });

  it('is bundled out of the driver and Temporal’s own packages alone', async () => {
    const modules = modulesOf(await bundle(join(ROOT, 'src', 'workflows', 'index.ts')));
    const ours = modules.filter((path) => path.startsWith('./src/')).sort();
    expect(ours).toContain('./src/workflows/flow-execution.ts');
    const pure = /^\.\/src\/(workflows\/|engine\/|temporal\/(contract|search-attribute-keys)\.ts$)/;
    for (const path of ours) expect(path).toMatch(pure);
    const packages = new Set(
      modules.flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []),
    );
    expect([...packages].filter((name) => !name.startsWith('@temporalio/')).sort()).toEqual([
      'long',
      'ms',
      'nexus-rpc',
    ]);
  });

  it('cannot be bundled with a Node built-in in use', async () => {
    const bundleOf = (name: string, use: string) => {
      const path = join(folder, name);
      writeFileSync(path, `${use}\nexports.flow = async () => used;\n`);
      return bundle(path);
    };
    await expect(bundleOf('pure.js', 'const used = 1;')).resolves.toContain('used');
    await expect(bundleOf('files.js', "const used = require('fs').readFileSync;")).rejects.toThrow(/'fs'/);
  });
});
