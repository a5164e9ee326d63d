// `npm run gen`: writes docs/reference from the code; `--check` only says what is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const isCheck = process.argv.includes('--check');

await buildIfNeeded(root);
const { referencePages } = createRequire(join(root, 'package.json'))('./dist/dev/reference.js');

const folder = join(root, 'docs', 'reference');
mkdirSync(folder, { recursive: true });
let stale = 0;
for (const [name, text] of Object.entries(referencePages())) {
  const file = join(folder, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale += 1;
  if (isCheck) process.stderr.write(`docs/reference/${name} is out of date; run npm run gen.\n`);
  else writeFileSync(file, text);
}
process.exit(isCheck && stale > 0 ? 1 : 0);
