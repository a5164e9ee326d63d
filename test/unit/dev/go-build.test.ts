import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withCaches } from '../../../src/dev/servers/go-build';

describe("Go's caches", () => {
  let folder: string;
  let go: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-go-'));
    go = join(folder, 'go');
    writeFileSync(go, `#!/bin/sh\necho "${folder}/mod"\necho "${folder}/build"\n`);
    chmodSync(go, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settings = () =>
    withCaches(go, folder, {
      env: { PATH: process.env['PATH'], GOFLAGS: '' },
      progress: { note() {}, task: () => ({ update() {}, done() {} }) },
      signal: new AbortController().signal,
    });

  test('that do not exist yet are made in the scratch folder, in a form that can be removed', async () => {
    expect(await settings()).toMatchObject({
      GOMODCACHE: join(folder, 'gomod'),
      GOCACHE: join(folder, 'gocache'),
      GOFLAGS: '-modcacherw',
    });
  });

  test('that exist are used, and stay as they are', async () => {
    for (const name of ['mod', 'build']) mkdirSync(join(folder, name));
    expect(await settings()).toEqual({ PATH: process.env['PATH'], GOFLAGS: '' });
  });
});
