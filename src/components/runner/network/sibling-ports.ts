import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback, parseDenyList } from '../../../net/deny-list';

const LISTENING = '0A';
/** Looking at every process of a large machine takes a while. */
const SEARCH_EVERY_MS = 15_000;

/**
 * Further ports on which the processes listen that hold the denied ports of this machine: Temporal's development
 * server opens several without a log-in at random. None where the system does not tell (other than Linux,
 * processes of another user, servers on another machine).
 */
export class SiblingPorts {
  readonly #known: Set<number>;
  /** Processes that held denied ports the last time. */
  #holders: string[] = [];
  #searchedAt = -Infinity;

  constructor(denied: string[]) {
    const local = parseDenyList(denied).ports.filter(({ hosts }) => hosts.some(mayBeLocal));
    this.#known = new Set(process.platform === 'linux' ? local.map(({ port }) => port) : []);
  }

  /** The ports at present, as `host:port`. */
  find(): string[] {
    const portOfSocket = this.#known.size === 0 ? new Map<string, number>() : listeningSockets();
    const own = String(process.pid);
    // What this process listens on needs no search; what else it does is not denied: a tunnel is opened to one call alone.
    const mine = new Set(portsOf(own, portOfSocket));
    const here = [...portOfSocket.values()].filter((port) => this.#known.has(port) && !mine.has(port));
    if (here.length === 0) return [];
    const found = new Set<number>();
    this.#look(this.#holders, portOfSocket, found);
    const isMissing = here.some((port) => !found.has(port));
    if (isMissing && performance.now() - this.#searchedAt > SEARCH_EVERY_MS) {
      this.#searchedAt = performance.now();
      const pids = listOf('/proc').filter((name) => /^\d+$/.test(name) && name !== own);
      this.#holders = this.#look(pids, portOfSocket, found);
    }
    return [...found].filter((port) => !this.#known.has(port)).map((port) => `127.0.0.1:${port}`);
  }

  /** Adds the ports of those processes that hold a denied one, and gives these processes. */
  #look(pids: string[], portOfSocket: Map<string, number>, found: Set<number>): string[] {
    return pids.filter((pid) => {
      const ports = portsOf(pid, portOfSocket);
      const isHolder = ports.some((port) => this.#known.has(port));
      if (isHolder) for (const port of ports) found.add(port);
      return isHolder;
    });
  }
}

/** Names may lead here; addresses say so. */
function mayBeLocal(host: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return isLoopback(host) || isIP(host) === 0 || own.some(({ address }) => address === host);
}

/** Ports of all listening TCP sockets, by inode. */
function listeningSockets(): Map<string, number> {
  const sockets = new Map<string, number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of textOf(table).split('\n')) {
      // A busy machine has thousands that do not listen.
      if (!line.includes(` ${LISTENING} `)) continue;
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === LISTENING) sockets.set(inode, Number.parseInt(local.split(':')[1] ?? '', 16));
    }
  }
  return sockets;
}

const portsOf = (pid: string, portOfSocket: ReadonlyMap<string, number>): number[] =>
  socketsOf(pid).flatMap((socket) => portOfSocket.get(socket) ?? []);

function socketsOf(pid: string): string[] {
  return listOf(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
