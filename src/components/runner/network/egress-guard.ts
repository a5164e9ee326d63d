import dns from 'node:dns';
import { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { readAddress } from '../../../net/address-ranges';
import { append, apply, bareList, has, isArray, match } from '../../../net/captured';
import { type DenyList, isLoopback, parseDenyList, plainAddress } from '../../../net/deny-list';
import { denyAtHandles, guardHandles } from './handle-guard';
import {
  areRulesInForce,
  isOpenName,
  openOverride,
  overrideOf,
  refusalOfAddress,
  refusalOfClaimed,
  refusalOfSocket,
} from './private-guard';

// As they are before component code is loaded, which may replace what their modules export.
const systemLookup = dns.lookup as unknown as LookupFunction;
const { lookup: resolveName, resolveSrv } = dns.promises;
const interfaces = networkInterfaces;
const { basename, resolve } = path;
const { nextTick } = process;
const isGuarded = Function.prototype.call.bind(WeakSet.prototype.has) as (
  set: WeakSet<LookupFunction>,
  one: LookupFunction,
) => boolean;
const noteGuarded = Function.prototype.call.bind(WeakSet.prototype.add) as typeof isGuarded;
const { assign, values } = Object;

const DIGITS_ONLY = /^\d+$/;
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

/** What is denied, for messages and for names: as at the handles, it only grows. */
const denied = bareList<DenyList['ports'][number]>();
const deniedSockets = bareList<string>();

/**
 * Makes every connection of this process to a denied address fail, whatever library opens it; mongod's own
 * sockets are denied always. A name is checked again when it is resolved, so that no other name leads to a
 * denied address. Here with a message that says why, and once more at the handles below.
 */
export function installEgressGuard(): void {
  guardHandles();
  // Every outgoing TCP or Unix connection of Node's own modules comes through this method.
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  const { destroy } = Socket.prototype;
  function guardedConnect(this: Socket, ...args: unknown[]): Socket {
    const plain = withOptions(args);
    const options = optionsOf(plain);
    redirect(options);
    const fault = faultOf(options);
    if (fault === undefined) {
      guardLookup(options);
      return apply(connect, this, plain) as Socket;
    }
    // As a failed connect does: later, through the socket's error event.
    nextTick(() => apply(destroy, this, [fault]));
    // HTTP/2 wants to see a socket that connects. Its turn comes after the one above, and never without the handles.
    if (typeof options.path !== 'string') apply(connect, this, plain);
    return this;
  }
  Object.defineProperty(Socket.prototype, 'connect', {
    value: guardedConnect,
    writable: true,
    configurable: true,
  });
}

/** Takes a list of denied addresses into force besides the last. Entries as {@link parseDenyList} reads them. */
export async function denyEgress(entries: string[]): Promise<void> {
  const next = parseDenyList(entries);
  // What needs no looking up counts at once, whatever becomes of the rest.
  addOwnAddresses(next);
  deny(next);
  await resolveServices(next);
  await resolveNames(next);
  addOwnAddresses(next);
  deny(next);
}

function deny(next: DenyList): void {
  next.paths.forEach((one) => {
    const name = basename(one);
    if (!has(deniedSockets, name)) append(deniedSockets, name);
  });
  for (let at = 0; at < next.ports.length; at += 1) {
    const { port, hosts, isNameOnly } = next.ports[at]!;
    for (let each = 0; each < hosts.length; each += 1) denyName(port, hosts[each] ?? '', isNameOnly);
  }
  denyAtHandles(next);
}

function denyName(port: number, host: string, isNameOnly: boolean): void {
  for (let at = 0; at < denied.length; at += 1) {
    const entry = denied[at]!;
    if (entry.port !== port || entry.isNameOnly !== isNameOnly) continue;
    if (!has(entry.hosts, host)) append(entry.hosts, host);
    return;
  }
  const hosts = bareList<string>();
  append(hosts, host);
  append(denied, { port, hosts, isNameOnly });
}

async function resolveServices(list: DenyList): Promise<void> {
  for (let at = 0; at < list.services.length; at += 1) {
    const records = await answersOf(resolveSrv(list.services[at] ?? ''));
    for (let each = 0; each < records.length; each += 1) {
      const { name, port } = records[each]!;
      append(list.ports, { port, hosts: [plainAddress(name)], isNameOnly: false });
    }
  }
}

/** Names become addresses as well, since code may connect to either. */
async function resolveNames({ ports }: DenyList): Promise<void> {
  for (let at = 0; at < ports.length; at += 1) {
    const { hosts, isNameOnly } = ports[at]!;
    const name = hosts[0] ?? '';
    if (isNameOnly || readAddress(name) !== undefined) continue;
    const found = await answersOf(resolveName(name, { all: true }));
    for (let each = 0; each < found.length; each += 1)
      append(hosts, plainAddress(found[each]?.address ?? ''));
  }
}

/** A server of this machine may listen on all of its addresses, whichever of them we were given. */
function addOwnAddresses({ ports }: DenyList): void {
  const own = ownAddresses();
  for (let at = 0; at < ports.length; at += 1) {
    const { hosts, isNameOnly } = ports[at]!;
    if (isNameOnly) continue;
    let isOwn = false;
    for (let each = 0; each < hosts.length; each += 1)
      isOwn ||= isLoopback(hosts[each] ?? '') || has(own, hosts[each] ?? '');
    if (!isOwn) continue;
    append(hosts, '127.0.0.1');
    for (let each = 0; each < own.length; each += 1) append(hosts, own[each] ?? '');
  }
}

function ownAddresses(): string[] {
  const own = bareList<string>();
  const all = values(interfaces());
  for (let at = 0; at < all.length; at += 1) {
    const addresses = all[at];
    for (let each = 0; addresses !== undefined && each < addresses.length; each += 1)
      append(own, plainAddress(addresses[each]?.address ?? ''));
  }
  return own;
}

async function answersOf<T>(asked: Promise<T[]>): Promise<T[]> {
  try {
    return await asked;
  } catch {
    return [];
  }
}

/** The arguments of connect with options in front: (port, host) and (path) are rewritten, the rest passes. */
function withOptions(args: unknown[]): unknown[] {
  const first = args[0];
  if (isArray(first)) return args; // Node's own normalized form, which it marks.
  const plain = bareList<unknown>();
  const isOptions = typeof first !== 'number' && typeof first !== 'string';
  if (isOptions) append(plain, { ...(first as object) });
  else if (typeof first === 'string' && match(DIGITS_ONLY, first) === null) append(plain, { path: first });
  else append(plain, { port: +first, ...(typeof args[1] === 'string' ? { host: args[1] } : {}) });
  for (let at = 1; at < args.length; at += 1)
    if (isOptions || typeof args[at] === 'function') append(plain, args[at]);
  return plain;
}

function optionsOf(args: unknown[]): ConnectOptions {
  return (isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]) as ConnectOptions;
}

function hostOf({ host }: ConnectOptions): string {
  return plainAddress(typeof host === 'string' && host !== '' ? host : 'localhost');
}

function faultOf(options: ConnectOptions): Error | undefined {
  if (typeof options.path === 'string') {
    const file = resolve(options.path);
    // By the last part, since the folders before it may have other names as well.
    const name = basename(file);
    const isDenied = match(MONGO_SOCKET, name) !== null || has(deniedSockets, name);
    return isDenied ? refusal(file) : refusalOfSocket(file);
  }
  return faultOfTarget(hostOf(options), Number(options.port));
}

/** Why component code may not connect there, as far as that is known without looking a name up. */
export function faultOfTarget(host: string, port: number): Error | undefined {
  if (isDeniedHost(host, port)) return refusal(`${host}:${port}`);
  return readAddress(host) === undefined ? undefined : refusalOfAddress(host, host, port);
}

/** Why component code may not reach a name that the system looked up, whoever connects for it. */
export function faultOfAnswer(host: string, found: readonly string[], port: number): Error | undefined {
  for (let at = 0; at < found.length; at += 1) {
    const address = plainAddress(found[at] ?? '');
    const fault = isDeniedHost(address, port)
      ? refusal(`${host}:${port}`)
      : refusalOfAddress(host, address, port);
    if (fault) return fault;
  }
  return undefined;
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
  for (let at = 0; at < denied.length; at += 1) {
    const entry = denied[at]!;
    if (entry.port !== port) continue;
    if (has(entry.hosts, host)) return true;
    // Whatever is ours on this machine has its loopback address among the others.
    if (isLocal && !entry.isNameOnly && has(entry.hosts, '127.0.0.1')) return true;
  }
  return false;
}

function isDeniedPort(port: number): boolean {
  for (let at = 0; at < denied.length; at += 1) if (denied[at]?.port === port) return true;
  return false;
}

/**
 * Has what a name leads to checked. An open name is looked up by the system alone, never by what component code put
 * in its place: the answer is opened to the whole process.
 */
function guardLookup(options: ConnectOptions): void {
  const host = hostOf(options);
  const port = Number(options.port);
  if (typeof options.path === 'string' || readAddress(host) !== undefined) return;
  if (!areRulesInForce() && !isDeniedPort(port)) return;
  const isOpen = isOpenName(host, port);
  const inner = isOpen ? systemLookup : (options.lookup ?? systemLookup);
  if (!isOpen && isGuarded(guarded, inner)) return;
  const checked: LookupFunction = (name, lookupOptions, callback) =>
    inner(isOpen ? host : name, lookupOptions, (error, address, family) => {
      const fault = error ? undefined : faultOfFound(host, foundIn(address), port, isOpen);
      if (fault) callback(fault);
      else callback(error, address, family);
    });
  noteGuarded(guarded, checked);
  options.lookup = checked;
}

/** The two forms of a lookup's answer as one. */
function foundIn(answer: unknown): string[] {
  const found = bareList<string>();
  if (!isArray(answer)) append(found, `${answer as string}`);
  else
    for (let at = 0; at < answer.length; at += 1)
      append(found, `${(answer[at] as { address: string } | undefined)?.address}`);
  return found;
}

function faultOfFound(host: string, found: string[], port: number, isOpen: boolean): Error | undefined {
  if (isOpen) return faultOfAnswer(host, found, port);
  for (let at = 0; at < found.length; at += 1) {
    const address = plainAddress(found[at] ?? '');
    if (isDeniedHost(address, port)) return refusal(`${host}:${port}`);
    const fault = refusalOfClaimed(host, address, port);
    if (fault) return fault;
  }
  return undefined;
}

function refusal(address: string): Error {
  const message = `Component code may not connect to ${address}: it is one of the servers that Tenon itself runs on.`;
  return assign(new Error(message), { code: 'EACCES' });
}
