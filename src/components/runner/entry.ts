import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Path of the compiled runner. It lies beside this file in a build; code that runs from its sources (tests,
 * development) takes the one in `dist`. Throws when nothing is built.
 */
export const runnerEntry = (): string => compiled('main.js', 'The runner');

/** Path of the compiled program that describes bundles; as {@link runnerEntry}. */
export const describeEntry = (): string => compiled('describe-main.js', 'The reader of bundles');

function compiled(name: string, what: string): string {
  const beside = join(__dirname, name);
  const built = resolve(__dirname, '../../../dist/components/runner', name);
  const entry = [beside, built].find((path) => existsSync(path));
  if (entry === undefined) throw new Error(`${what} is not built: ${built} is missing. Run "npm run build".`);
  return entry;
}
