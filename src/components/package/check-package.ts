import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ComponentManifest } from '../manifest';
import { type DescribedBundle, describeBundle } from '../runner/describe-bundle';
import { CHECKED_PREFIX, removeLeftFolders } from '../runner/temp-folder';
import { PackageError } from './package-error';
import { unpackPackage } from './unpack-package';

/** What a package must be in accordance with. */
export interface PublishedAs {
  manifest: ComponentManifest;
  /** Its code must bring the definition of a code-native integration. */
  isCodeNative: boolean;
}

/**
 * Unpacks a package, loads its code in a process of its own and compares what it offers with what was published;
 * answers what the code says of itself. Throws a {@link PackageError} that names every fault. The component's own
 * key is not compared: a code-native bundle makes a new one each time that it is loaded.
 */
export async function checkPackage(zip: Buffer, published: PublishedAs): Promise<ComponentManifest> {
  void removeLeftFolders();
  const folder = await mkdtemp(join(tmpdir(), CHECKED_PREFIX));
  try {
    const { entry } = await unpackPackage(zip, folder);
    const bundle = await describe(entry, published.manifest.isPublic);
    const faults = faultsOf(bundle, published);
    if (faults.length > 0) throw new PackageError(faults.join(' '));
    return bundle.manifest;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function describe(entry: string, isPublic: boolean): Promise<DescribedBundle> {
  try {
    return await describeBundle(entry, { isPublic });
  } catch (error) {
    if (!(error as { isBundleError?: unknown }).isBundleError) throw error;
    throw new PackageError((error as Error).message, { cause: error });
  }
}

function faultsOf(bundle: DescribedBundle, { manifest, isCodeNative }: PublishedAs): string[] {
  const faults = [
    ...differences('action', Object.keys(manifest.actions), Object.keys(bundle.manifest.actions)),
    ...differences('trigger', Object.keys(manifest.triggers), Object.keys(bundle.manifest.triggers)),
    ...differences(
      'data source',
      Object.keys(manifest.dataSources),
      Object.keys(bundle.manifest.dataSources),
    ),
    ...differences('connection', keysOf(manifest), keysOf(bundle.manifest)),
  ];
  if (isCodeNative && bundle.codeNativeIntegrationYAML === undefined)
    faults.push('The package is no code-native integration: its code brings no definition.');
  return faults;
}

const keysOf = ({ connections }: ComponentManifest) => connections.map(({ key }) => key);

/** Sentences about keys that are on one side only. */
function differences(kind: string, published: string[], packaged: string[]): string[] {
  const missing = published.filter((key) => !packaged.includes(key));
  const unknown = packaged.filter((key) => !published.includes(key));
  return [
    ...(missing.length > 0 ? [`The package lacks the published ${list(kind, missing)}.`] : []),
    ...(unknown.length > 0 ? [`The package holds the unpublished ${list(kind, unknown)}.`] : []),
  ];
}

const MOST_NAMED = 10;

function list(kind: string, keys: string[]): string {
  const names = keys.slice(0, MOST_NAMED).map((key) => `"${key}"`);
  if (keys.length > MOST_NAMED) names.push('more');
  return `${kind}${keys.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
