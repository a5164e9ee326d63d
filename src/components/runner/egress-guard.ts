import { lookup } from 'node:dns';
import { lookup as resolveName } from 'node:dns/promises';
import { isIP, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { basename, resolve } from 'node:path';
import { type DenyList, isLoopback, parseDenyList, plainAddress } from './deny-list';

const MONGO_SOCKET = /^mongodb-\d+\.sock$/;

type LookupCallback = (error: Error | null, address?: unknown, family?: number) => void;
type LookupFunction = (host: string, options: object, callback: LookupCallback) => void;

interface ConnectOptions {
  host?: unknown;
  port?: unknown;
  path?: unknown;
  lookup?: LookupFunction;
}

/** Lookups that check their answers already; options may come by twice. */
const guarded = new WeakSet<LookupFunction>();

/**
 * Makes every connection of this process to a denied address fail, whatever library opens it. Entries are
 * `host:port` or the path of a Unix socket; mongod's own sockets are denied always. A name is checked again
 * when it is resolved, so that no other name leads to a denied address.
 */
export async function installEgressGuard(denyAddresses: string[]): Promise<void> {
  const denied = parseDenyList(denyAddresses);
  await resolveNames(denied);
  // Every outgoing TCP or Unix connection of Node's own modules comes through this method.
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  function guardedConnect(this: Socket, ...args: unknown[]): Socket {
    const plain = withOptions(args);
    const options = optionsOf(plain);
    const fault = faultOf(options, denied);
    if (fault === undefined) {
      guardLookup(options, denied);
      return connect.apply(this, plain);
    }
    // As a failed connect does: later, through the socket's error event.
    process.nextTick(() => this.destroy(fault));
    return this;
  }
  Socket.prototype.connect = guardedConnect as typeof Socket.prototype.connect;
}

/** Names become addresses as well, since code may connect to either. */
async function resolveNames(denied: DenyList): Promise<void> {
  const interfaces = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  await Promise.all(
    denied.ports.map(async (entry) => {
      const names = entry.hosts.filter((host) => isIP(host) === 0);
      const found = await Promise.all(names.map((name) => resolveName(name, { all: true }).catch(() => [])));
      entry.hosts.push(...found.flat().map(({ address }) => plainAddress(address)));
      // A server on the loopback address may listen on the other addresses of this machine too.
      if (entry.hosts.some(isLoopback))
        entry.hosts.push(...interfaces.map(({ address }) => plainAddress(address)));
    }),
  );
}

/** The arguments of connect with options in front: (port, host) and (path) are rewritten, the rest passes. */
function withOptions(args: unknown[]): unknown[] {
  const [first, ...rest] = args;
  if (typeof first !== 'number' && typeof first !== 'string') {
    // Node's own normalized form is an array that it marks; options of a caller are copied.
    return Array.isArray(first) ? args : [{ ...(first as object) }, ...rest];
  }
  const isPath = typeof first === 'string' && !/^\d+$/.test(first);
  const host = typeof rest[0] === 'string' ? rest[0] : undefined;
  const options = isPath ? { path: first } : { port: Number(first), ...(host === undefined ? {} : { host }) };
  return [options, ...rest.filter((argument) => typeof argument === 'function')];
}

function optionsOf([first]: unknown[]): ConnectOptions {
  return (Array.isArray(first) ? first[0] : first) as ConnectOptions;
}

function hostOf({ host }: ConnectOptions): string {
  return plainAddress(typeof host === 'string' && host !== '' ? host : 'localhost');
}

function faultOf(options: ConnectOptions, denied: DenyList): Error | undefined {
  if (typeof options.path === 'string') {
    const path = resolve(options.path);
    const isDenied = denied.paths.has(path) || MONGO_SOCKET.test(basename(path));
    return isDenied ? refusal(path) : undefined;
  }
  const host = hostOf(options);
  const port = Number(options.port);
  return isDeniedHost(host, port, denied) ? refusal(`${host}:${port}`) : undefined;
}

function isDeniedHost(host: string, port: number, denied: DenyList): boolean {
  const isLocal = isLoopback(host);
  return denied.ports.some(
    (entry) =>
      entry.port === port && (entry.hosts.includes(host) || (isLocal && entry.hosts.some(isLoopback))),
  );
}

function guardLookup(options: ConnectOptions, denied: DenyList): void {
  const host = hostOf(options);
  const port = Number(options.port);
  const mayBeDenied = denied.ports.some((entry) => entry.port === port);
  if (typeof options.path === 'string' || isIP(host) !== 0 || !mayBeDenied) return;
  const inner = options.lookup ?? (lookup as LookupFunction);
  if (guarded.has(inner)) return;
  const checked: LookupFunction = (name, lookupOptions, callback) =>
    inner(name, lookupOptions, (error, address, family) => {
      const found = Array.isArray(address)
        ? (address as { address: string }[]).map((one) => one.address)
        : [address];
      const isDenied = found.some((one) => isDeniedHost(plainAddress(String(one)), port, denied));
      if (isDenied) callback(refusal(`${host}:${port}`));
      else callback(error, address, family);
    });
  guarded.add(checked);
  options.lookup = checked;
}

function refusal(address: string): Error {
  const message = `Component code may not connect to ${address}: it is one of the servers that Tenon itself runs on.`;
  return Object.assign(new Error(message), { code: 'EACCES' });
}
