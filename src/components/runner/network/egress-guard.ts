import { lookup } from 'node:dns';
import { lookup as resolveName, resolveSrv } from 'node:dns/promises';
import { isIP, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { basename, resolve } from 'node:path';
import { type DenyList, isLoopback, parseDenyList, plainAddress } from '../../../net/deny-list';
import { denyAtHandles, guardHandles } from './handle-guard';
import {
  areRulesInForce,
  openOverride,
  overrideOf,
  refusalOfAddress,
  refusalOfSocket,
} from './private-guard';

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

let denied: DenyList = { ports: [], paths: new Set(), services: [] };

/**
 * Makes every connection of this process to a denied address fail, whatever library opens it; mongod's own
 * sockets are denied always. A name is checked again when it is resolved, so that no other name leads to a
 * denied address. Here with a message that says why, and once more at the handles below.
 */
export function installEgressGuard(): void {
  guardHandles();
  // Every outgoing TCP or Unix connection of Node's own modules comes through this method.
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  function guardedConnect(this: Socket, ...args: unknown[]): Socket {
    const plain = withOptions(args);
    const options = optionsOf(plain);
    redirect(options);
    const fault = faultOf(options);
    if (fault === undefined) {
      guardLookup(options);
      return connect.apply(this, plain);
    }
    // As a failed connect does: later, through the socket's error event.
    process.nextTick(() => this.destroy(fault));
    // HTTP/2 wants to see a socket that connects. Its turn comes after the one above, and never without the handles.
    if (typeof options.path !== 'string') connect.apply(this, plain);
    return this;
  }
  Object.defineProperty(Socket.prototype, 'connect', {
    value: guardedConnect,
    writable: true,
    configurable: true,
  });
}

/** Takes a list of denied addresses into force, in place of the last. Entries as {@link parseDenyList} reads them. */
export async function denyEgress(entries: string[]): Promise<void> {
  const next = parseDenyList(entries);
  await resolveServices(next);
  await resolveNames(next);
  denied = next;
  denyAtHandles(next);
}

async function resolveServices(list: DenyList): Promise<void> {
  await Promise.all(
    list.services.map(async (service) => {
      const records = await resolveSrv(service).catch(() => []);
      list.ports.push(
        ...records.map(({ name, port }) => ({ port, hosts: [plainAddress(name)], isNameOnly: false })),
      );
    }),
  );
}

/** Names become addresses as well, since code may connect to either. */
async function resolveNames(list: DenyList): Promise<void> {
  const own = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => plainAddress(address)),
  );
  await Promise.all(
    list.ports.map(async (entry) => {
      if (entry.isNameOnly) return;
      const names = entry.hosts.filter((host) => isIP(host) === 0);
      const found = await Promise.all(names.map((name) => resolveName(name, { all: true }).catch(() => [])));
      entry.hosts.push(...found.flat().map(({ address }) => plainAddress(address)));
      // A server of this machine may listen on all of its addresses, whichever of them we were given.
      if (entry.hosts.some((host) => isLoopback(host) || own.includes(host)))
        entry.hosts.push('127.0.0.1', ...own);
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

function faultOf(options: ConnectOptions): Error | undefined {
  if (typeof options.path === 'string') {
    const path = resolve(options.path);
    // By the last part, since the folders before it may have other names as well.
    const name = basename(path);
    const isDenied = MONGO_SOCKET.test(name) || [...denied.paths].some((one) => basename(one) === name);
    return isDenied ? refusal(path) : refusalOfSocket(path);
  }
  return faultOfTarget(hostOf(options), Number(options.port));
}

/** Why component code may not connect there, as far as that is known without looking a name up. */
export function faultOfTarget(host: string, port: number): Error | undefined {
  if (isDeniedHost(host, port)) return refusal(`${host}:${port}`);
  return isIP(host) === 0 ? undefined : refusalOfAddress(host, host, port);
}

/** Leads a name elsewhere that the operator has overridden. Names of TLS certificates stay as they were asked for. */
function redirect(options: ConnectOptions): void {
  if (typeof options.path === 'string') return;
  const override = overrideOf(hostOf(options));
  if (!override) return;
  options.host = override.address;
  options.port = override.port ?? options.port;
  openOverride(override, Number(options.port));
}

function isDeniedHost(host: string, port: number): boolean {
  const isLocal = isLoopback(host);
  return denied.ports.some(
    (entry) =>
      entry.port === port &&
      (entry.hosts.includes(host) || (isLocal && !entry.isNameOnly && entry.hosts.some(isLoopback))),
  );
}

function guardLookup(options: ConnectOptions): void {
  const host = hostOf(options);
  const port = Number(options.port);
  const mayBeDenied = areRulesInForce() || denied.ports.some((entry) => entry.port === port);
  if (typeof options.path === 'string' || isIP(host) !== 0 || !mayBeDenied) return;
  const inner = options.lookup ?? (lookup as LookupFunction);
  if (guarded.has(inner)) return;
  const checked: LookupFunction = (name, lookupOptions, callback) =>
    inner(name, lookupOptions, (error, address, family) => {
      const found = Array.isArray(address)
        ? (address as { address: string }[]).map((one) => one.address)
        : [address];
      const isDenied = found.some((one) => isDeniedHost(plainAddress(String(one)), port));
      if (isDenied) return callback(refusal(`${host}:${port}`));
      const fault = error ? undefined : faultOfFound(host, found, port);
      if (fault) callback(fault);
      else callback(error, address, family);
    });
  guarded.add(checked);
  options.lookup = checked;
}

function faultOfFound(host: string, found: unknown[], port: number): Error | undefined {
  for (const one of found) {
    const fault = refusalOfAddress(host, plainAddress(String(one)), port);
    if (fault) return fault;
  }
  return undefined;
}

function refusal(address: string): Error {
  const message = `Component code may not connect to ${address}: it is one of the servers that Tenon itself runs on.`;
  return Object.assign(new Error(message), { code: 'EACCES' });
}
