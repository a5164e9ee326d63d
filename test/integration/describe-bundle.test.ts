import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleError, describeBundle } from '../../src/components/runner/describe-bundle';

const folder = mkdtempSync(join(tmpdir(), 'describe-bundle-'));
const path = join(folder, 'index.js');
/** What a process takes is read where the system tells. */
const onLinux = process.platform === 'linux' ? it : it.skip;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['auto', 'none'] as const)(
  'a bundle that is asked what it holds (confinement %s)',
  (confinement) => {
    const describeCode = (code: string, timeoutMs = 20_000) => {
      writeFileSync(path, code);
      return describeBundle(path, { confinement, timeoutMs, memoryMb: 128 });
    };
    const fault = async (code: string, timeoutMs?: number): Promise<string> => {
      const error: unknown = await describeCode(code, timeoutMs).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BundleError);
      return (error as Error).message;
    };

    it.each([
      ['throws', 'throw new Error("no licence")', /no licence \(at .*index\.js:1/],
      ['exports nothing', 'exports.key = "x"', /exports nothing as "default"/],
      ['ends the process', 'process.exit(3)', /its process exited with code 3/],
      ['starts a program', 'require("node:child_process").execSync("id")', /may not start programs/],
      ['reads of the machine', 'require("node:fs").readFileSync("/etc/passwd")', /may not read|no such file/],
      ['is no component', 'exports.default = { key: "x" }', /not a component .*\n {2}display/],
      [
        'has no function where one must be',
        'exports.default = { key: "x", display: { label: "X" }, actions: { run: { display: { label: "R" } } } }',
        /actions\.run has no function "perform"/,
      ],
      [
        'takes all memory',
        'const all = []; for (;;) all.push(new Array(1e5).fill({}).map(() => ({})))',
        /out of memory/,
      ],
    ])('is refused when it %s', async (_what, code, message) => {
      expect(await fault(code)).toMatch(message);
    });

    onLinux(
      'is refused when it takes gigabytes outside of its heap, and is stopped long before',
      async () => {
        const message = await fault(
          `const all = []; for (let at = 0; at < 64; at += 1) {
          all.push(Buffer.alloc(64 * 2 ** 20, 1));
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        }`,
        );
        expect(message).toMatch(/its process ran out of memory \(limit 128 MB\)/);
      },
    );

    it('is refused when it does not come to an end', async () => {
      expect(await fault('for (;;);', 5000)).toMatch(/did not finish loading within 5000 ms/);
    });

    it('reaches nobody, and the functions that it announces must be there', async () => {
      let connections = 0;
      const server = createServer(() => (connections += 1));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const { manifest } = await describeCode(`
      require('node:net').connect(${port}, '127.0.0.1').on('error', () => {});
      const { Socket } = require('node:net');
      const perform = async () => ({});
      const display = { label: 'X', description: 'd' };
      exports.default = { key: 'x', display, triggers: { hook: { display, perform,
        hasOnInstanceDeploy: true, onInstanceDeploy: perform, hasOnInstanceDelete: true, webhookCreate: perform } } };`);
      expect(manifest.triggers['hook']).toMatchObject({
        hasOnInstanceDeploy: true,
        hasWebhookCreateFunction: true,
      });
      expect(manifest.triggers['hook']?.hasOnInstanceDelete).toBeUndefined();
      await new Promise((resolve) => server.close(resolve));
      expect(connections).toBe(0);
    });
  },
);
