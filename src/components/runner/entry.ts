import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Path of the compiled runner. It lies beside this file in a build; code that runs from its sources (tests,
 * development) takes the one in `dist`. Throws when nothing is built.
 */
export function runnerEntry(): string {
  const beside = join(__dirname, 'main.js');
  const built = resolve(__dirname, '../../../dist/components/runner/main.js');
  const entry = [beside, built].find((path) => existsSync(path));
  if (entry === undefined)
    throw new Error(`The runner is not built: ${built} is missing. Run "npm run build".`);
  return entry;
}
