import { type ChildProcess, fork } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { type Confinement, type ConfinementWish, launchOf, programPaths, seenPath } from './confinement';
import { LineLog } from './line-log';
import { StartLog } from './start-log';
import { TempFolder } from './temp-folder';

export interface RunnerPlace {
  confinement: Confinement;
  wish: ConfinementWish;
}

/** A process with what belongs to it. */
export interface SpawnedRunner {
  child: ChildProcess;
  starts: StartLog;
  lines: LineLog;
  folder: TempFolder;
}

/** Users that runners take in turn, from the first on; so many do not run at once. */
const USERS = 1000;
/** Node 22 dropped the prefix. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

let count = 0;

/** Starts a runner process as far apart from this one as its place allows. */
export function spawnRunner({ confinement, wish }: RunnerPlace, memoryMb: number): SpawnedRunner {
  const uid = wish.uid + (count % USERS);
  count += 1;
  const starts = new StartLog(String(count));
  const lines = new LineLog(String(count));
  const folder = new TempFolder();
  if (confinement.hasUser) folder.give(uid);
  const isView = confinement.level === 'view';
  const tmp = isView ? '/tmp' : folder.tmp;
  const launch = launchOf(confinement, wish, folder.path, uid);
  const child = fork(wish.entry, [], {
    serialization: 'advanced',
    execPath: launch.command,
    execArgv: [...launch.args, ...nodeFlags({ confinement, wish }, tmp, memoryMb)],
    ...(launch.uid === undefined ? {} : { uid: launch.uid, gid: launch.uid }),
    // Nothing of the worker's environment: it holds keys and addresses.
    env: {
      NODE_ENV: 'production',
      TZ: 'UTC',
      HOME: tmp,
      TMPDIR: tmp,
      ...(wish.caFile !== undefined && { NODE_EXTRA_CA_CERTS: wish.caFile }),
    },
    cwd: isView ? '/' : tmp,
    // 3 is the channel, 4 is START_LOG_FD, 5 is LINE_LOG_FD of line-notes.ts.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', starts.fd, lines.fd],
  });
  return { child, starts, lines, folder };
}

function nodeFlags({ confinement, wish }: RunnerPlace, tmp: string, memoryMb: number): string[] {
  const isView = confinement.level === 'view';
  const program = [...programPaths(wish.entry), ...wish.readPaths];
  // Links count by what they lead to.
  const readable = new Set([...program, ...program.map((path) => realpathSync(path)), tmp]);
  // A folder has its slash at the end: Node does not look for it in a view that is not there yet.
  readable.add(seenPath(`${wish.bundleFolder}/`, confinement, wish));
  return [
    `--max-old-space-size=${memoryMb}`,
    // Steps make much short-lived garbage: a fixed young generation, and an old one that is not collected while it is
    // small, and then whenever it has grown by one and a half times what was left of it; the collector's helper threads
    // would cost more than they help. Together some 30 % less work a call.
    '--min-semi-space-size=16',
    '--max-semi-space-size=16',
    `--initial-old-space-size=${Math.min(32, memoryMb)}`,
    '--heap-growing-percent=150',
    '--single-threaded-gc',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    PERMISSION,
    ...[...readable].map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${tmp}`,
    // Networks are open to components; later versions of Node ask for it.
    ...(process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []),
    // For the thread that watches the parent; components get none.
    ...(isView ? [] : ['--allow-worker']),
  ];
}
