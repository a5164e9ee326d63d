import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from './canonical-json';
import type { ComponentManifest } from './manifest';

/** Written by `npm run gen`, so that no process but a runner or the worker loads the code of components. */
export const BUILTIN_MANIFESTS_FILE = 'builtin-manifests.json';

/** The components that ship with Tenon; the signature is the hex SHA-1 of the manifest's canonical JSON. */
export function builtinComponents(): { manifest: ComponentManifest; signature: string }[] {
  const text = readFileSync(join(__dirname, BUILTIN_MANIFESTS_FILE), 'utf8');
  return (JSON.parse(text) as ComponentManifest[]).map((manifest) => ({
    manifest,
    signature: createHash('sha1').update(canonicalJson(manifest)).digest('hex'),
  }));
}
