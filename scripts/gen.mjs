// `npm run gen`: writes what is made from the code (docs/reference, the manifests of built-in components); `--check`
// only says what is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const isCheck = process.argv.includes('--check');

await buildIfNeeded(root);
const { generatedFiles } = createRequire(join(root, 'package.json'))('./dist/dev/reference.js');

let stale = 0;
for (const [name, text] of Object.entries(generatedFiles())) {
  const file = join(root, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale += 1;
  if (isCheck) process.stderr.write(`${name} is out of date; run npm run gen.\n`);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
process.exit(isCheck && stale > 0 ? 1 : 0);
