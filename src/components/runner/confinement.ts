import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TempFolder } from './temp-folder';
import { VIEW_SCRIPT } from './view-script';

/** How far a runner is kept apart from the machine, by what the machine permits. */
export type ConfinementLevel =
  /** A user and process table of its own, and a root folder with nothing but the program in it. */
  | 'view'
  /** A user of its own. */
  | 'user'
  /** The worker's user; Node's permission model and our own guards only. */
  | 'none';

export interface Confinement {
  level: ConfinementLevel;
  /** Why it is not better. */
  reason: string;
  /** Whether runners get users of their own. */
  hasUser: boolean;
}

export interface ConfinementWish {
  entry: string;
  /** Folders that components may read besides. */
  readPaths: string[];
  /** The folder of unpacked packages, which components may read and not list. */
  bundleFolder: string;
  /** A file of certificates that Node trusts besides its own; one of the paths above. */
  caFile?: string;
  /** The first of the users, one a runner. */
  uid: number;
  mode: 'auto' | 'none';
}

export interface Launch {
  command: string;
  args: string[];
  /** Set when Node itself must change the user. */
  uid?: number;
}

const TOOLS = { unshare: '/usr/bin/unshare', setpriv: '/usr/bin/setpriv', sh: '/bin/sh' };
/** What a Node program needs of a Linux system: libraries, names, certificates, time zones. No programs. */
const SYSTEM = [
  '/lib',
  '/lib64',
  '/lib32',
  '/usr/lib',
  '/usr/lib64',
  '/usr/local/lib',
  '/nix/store',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/nsswitch.conf',
  '/etc/host.conf',
  '/etc/gai.conf',
  '/etc/services',
  '/etc/localtime',
  '/etc/ld.so.cache',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/certs',
  '/usr/share/zoneinfo',
  '/usr/share/ca-certificates',
];
/** Not below `/tmp`, where the private folder is. */
const BUNDLE_VIEW = '/bundles';
const PROBE_LIMIT_MS = 10_000;
/** What a runner must be able to do: read its code, write into its folder, talk. */
const PROBE = `const { accessSync, rmSync, writeFileSync, writeSync } = require('node:fs');
const file = process.argv[2] + '/probe';
accessSync(process.argv[1]); writeFileSync(file, ''); rmSync(file); writeSync(1, 'ready');`;
const known = new Map<string, Confinement>();

/** What this machine permits, tried in a scratch folder of its own. */
export function confinementFor(wish: ConfinementWish): Confinement {
  const scratch = new TempFolder();
  if (process.getuid?.() === 0) scratch.give(wish.uid);
  try {
    return findConfinement(wish, scratch.path);
  } finally {
    void scratch.remove();
  }
}

/** Tries what this machine permits, best first; the answer is kept, and holds for whatever may be read besides. */
function findConfinement(wish: ConfinementWish, scratch: string): Confinement {
  const key = JSON.stringify([wish.entry, wish.uid, wish.mode]);
  const found = known.get(key) ?? tryAll(wish, scratch);
  known.set(key, found);
  return found;
}

function tryAll(wish: ConfinementWish, scratch: string): Confinement {
  const isRoot = process.getuid?.() === 0;
  if (wish.mode === 'none') return { level: 'none', reason: 'it is switched off', hasUser: false };
  const faults: string[] = [];
  const candidates: Confinement[] = [
    { level: 'view', reason: '', hasUser: isRoot },
    ...(isRoot ? [{ level: 'user', reason: '', hasUser: true } as const] : []),
  ];
  for (const candidate of candidates) {
    const fault = faultOf(candidate, wish, scratch);
    if (fault === undefined) return { ...candidate, reason: faults.join('; ') };
    faults.push(`${candidate.level}: ${fault}`);
  }
  return { level: 'none', reason: faults.join('; '), hasUser: false };
}

/** Where a process sees a file of the folder of packages. */
export function seenPath(path: string, { level }: Confinement, { bundleFolder }: ConfinementWish): string {
  const isInside = level === 'view' && path.startsWith(`${bundleFolder}/`);
  return isInside ? join(BUNDLE_VIEW, path.slice(bundleFolder.length)) : path;
}

/** Starts Node in the wished way, to read the runner's code and end. */
function faultOf(candidate: Confinement, wish: ConfinementWish, scratch: string): string | undefined {
  if (candidate.level === 'view') {
    const missing = Object.values(TOOLS).find((tool) => !existsSync(tool));
    if (process.platform !== 'linux' || missing !== undefined) return `${missing ?? 'Linux'} is missing`;
  }
  const { command, args, uid } = launchOf(candidate, wish, scratch, wish.uid);
  const tmp = candidate.level === 'view' ? '/tmp' : join(scratch, 'tmp');
  const { stdout, stderr, error } = spawnSync(command, [...args, '-e', PROBE, wish.entry, tmp], {
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: {},
    encoding: 'utf8',
    timeout: PROBE_LIMIT_MS,
    killSignal: 'SIGKILL',
    cwd: '/',
  });
  if (stdout === 'ready') return undefined;
  return error?.message ?? (stderr.trim().split('\n').at(-1)?.slice(0, 200) || 'it did not start');
}

/** The command that starts Node at a level; Node's own arguments follow behind it. */
export function launchOf(
  { level, hasUser }: Confinement,
  wish: ConfinementWish,
  scratch: string,
  uid: number,
): Launch {
  const node = realpathSync(process.execPath);
  if (level !== 'view') return { command: node, args: [], ...(level === 'user' ? { uid } : {}) };
  const shown = [...SYSTEM, node, ...programPaths(wish.entry), ...wish.readPaths].flatMap(showArguments);
  shown.push('folder', realpathSync(wish.bundleFolder), BUNDLE_VIEW);
  const namespaces = ['--mount', '--pid', '--ipc', '--fork', '--kill-child', '--propagation', 'private'];
  // The whole chain goes when the worker's process does, however it ends.
  const chain = ['--pdeathsig', 'KILL', TOOLS.unshare];
  const rights = hasUser ? [] : ['--user', '--map-root-user'];
  const user = hasUser ? String(uid) : '-';
  const view = [
    VIEW_SCRIPT,
    'runner',
    join(scratch, 'root'),
    join(scratch, 'tmp'),
    user,
    ...shown,
    '--',
    node,
  ];
  const args = [...chain, ...rights, ...namespaces, TOOLS.sh, '-c', ...view];
  return { command: TOOLS.setpriv, args };
}

/** The build and the packages that the runner's entry is loaded from. */
export function programPaths(entry: string): string[] {
  const build = resolve(dirname(entry), '../..');
  const paths = [build];
  for (let folder = build; ; folder = dirname(folder)) {
    for (const name of ['node_modules', 'package.json']) {
      const path = join(folder, name);
      if (existsSync(path)) paths.push(path);
    }
    if (folder === dirname(folder)) return paths;
  }
}

function showArguments(path: string): string[] {
  if (!existsSync(path)) return [];
  if (lstatSync(path).isSymbolicLink() && statSync(path).isDirectory() && path.split('/').length === 2)
    return ['link', readlinkSync(path), path];
  return [statSync(path).isDirectory() ? 'folder' : 'file', realpathSync(path), path];
}
