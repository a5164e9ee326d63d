import { join } from 'node:path';
import { runCommand } from '../processes/run-command';
import type { BinaryKind, BinarySource } from './binary';
import { type Download, download } from './download';
import { temporalByGo } from './go-build';

const VERSION = '1.5.1';
/** Fair task queues, which the settings switch on, came with this server. */
const OLDEST_SERVER_MINOR = 29;

/** SHA-256 of the release's archives, as public build rules for this release pin them. */
const PINNED: Record<string, { suffix: string; sha256: string }> = {
  'linux-x64': {
    suffix: 'linux_amd64',
    sha256: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  },
  'linux-arm64': {
    suffix: 'linux_arm64',
    sha256: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  },
  'darwin-x64': {
    suffix: 'darwin_amd64',
    sha256: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  },
  'darwin-arm64': {
    suffix: 'darwin_arm64',
    sha256: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
  },
};

/** The archive for a system, or undefined when Temporal offers none. */
export function temporalArchive(platform: string, arch: string): Download | undefined {
  const pinned = PINNED[`${platform}-${arch}`];
  if (pinned === undefined) return undefined;
  const release = `https://github.com/temporalio/cli/releases/download/v${VERSION}`;
  return {
    label: `Temporal CLI ${VERSION}`,
    url: `${release}/temporal_cli_${VERSION}_${pinned.suffix}.tar.gz`,
    sha256: pinned.sha256,
  };
}

const official: BinarySource = {
  name: 'the official download',
  cacheKey: `temporal-${VERSION}`,
  async fetch(_target, scratch, around) {
    const archive = temporalArchive(process.platform, process.arch);
    if (archive === undefined)
      throw new Error(`Temporal has no build for ${process.platform} ${process.arch}`);
    const file = join(scratch, 'temporal.tar.gz');
    await download(archive, file, around);
    // The program lies at the top of the archive, under the name that is wanted.
    await runCommand('tar', ['-xzf', file, '-C', scratch, 'temporal'], {
      env: around.env,
      signal: around.signal,
    });
  },
};

/** Temporal's command line with its development server. */
export const TEMPORAL: BinaryKind = {
  label: 'Temporal CLI',
  command: 'temporal',
  variable: 'TENON_TEMPORAL_BIN',
  async check(path, around) {
    const options = { env: around.env, signal: around.signal, timeoutMs: 20_000 };
    const { stdout } = await runCommand(path, ['--version'], options);
    const server = /Server (\d+)\.(\d+)(\S*?)[,)]/.exec(stdout);
    if (server === null) throw new Error('it does not say which server it holds');
    const version = `${server[1]}.${server[2]}${server[3]}`;
    if (Number(server[1]) === 1 && Number(server[2]) < OLDEST_SERVER_MINOR) {
      throw new Error(`it holds server ${version}, 1.${OLDEST_SERVER_MINOR} or newer is wanted`);
    }
    await runCommand(path, ['server', 'start-dev', '--help'], options);
    return `(server ${version})`;
  },
  sources: [official, temporalByGo],
};
