import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage } from '../../src/components/package/check-package';
import { until } from '../support/runner-processes';

test('checking a package removes what a killed server left of earlier ones, and not what others check', async () => {
  const [left, fresh] = ['left', 'fresh'].map((name) => {
    const folder = mkdtempSync(join(tmpdir(), `tenon-package-${name}-`));
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', 'index.js'), '');
    return folder;
  }) as [string, string];
  const hourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(left, hourAgo, hourAgo);
  const published = { manifest: {} as never, isCodeNative: false };
  await expect(checkPackage(Buffer.from('rubbish'), published)).rejects.toThrow();
  await until(() => !existsSync(left));
  expect(existsSync(fresh)).toBe(true);
  rmSync(fresh, { recursive: true });
});
