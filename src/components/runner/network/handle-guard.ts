import { createSocket } from 'node:dgram';
import { Socket } from 'node:net';
import { type AddressRange, addAddress, holds, readAddress, readRange } from '../../../net/address-ranges';
import { append, apply, bareList } from '../../../net/captured';
import { type DenyList, isLoopback } from '../../../net/deny-list';
import { mayTunnel } from './tunnel-ports';

/** What libuv answers for a refused connection; Node makes an error with code EACCES of it. */
const EACCES = -13;

type Method = (this: object, ...args: unknown[]) => number;
type Methods = Record<string, Method | undefined>;

/** Held outside of the reach of component code: addresses by port, lists that only grow. */
const denied = bareList<AddressRange[] | undefined>();
/** Ranges that are refused at all ports, except for those that are allowed; none before rules are in force. */
let refused: readonly AddressRange[] | undefined;
let allowed: readonly AddressRange[] = bareList();
/** Addresses behind names that are allowed, by port. */
const opened = bareList<AddressRange[] | undefined>();
const loopback = loopbackRanges();

/**
 * Refuses denied addresses where every connection of this process ends: at the handles of libuv, behind name
 * resolution and all libraries. The methods there take numeric addresses, and cannot be put back.
 */
export function guardHandles(): void {
  const tcp = tcpMethods();
  // (request, address, port)
  guard(tcp, 'connect', 1, 2);
  guard(tcp, 'connect6', 1, 2);
  const udp = udpMethods();
  // (address, port)
  guard(udp, 'connect', 0, 1);
  guard(udp, 'connect6', 0, 1);
  // (request, list, count, port, address, …); a connected socket sends without address.
  guard(udp, 'send', 4, 3);
  guard(udp, 'send6', 4, 3);
}

function tcpMethods(): Methods {
  const socket = new Socket();
  socket.on('error', () => {});
  // Makes the handle at once and connects in the next tick, which does not come.
  socket.connect({ port: 9, host: '127.0.0.1' });
  const { _handle: handle } = socket as unknown as { _handle: object };
  socket.destroy();
  return Object.getPrototypeOf(handle) as Methods;
}

function udpMethods(): Methods {
  const socket = createSocket('udp4');
  const state = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const { handle } = (socket as unknown as Record<symbol, { handle: object }>)[state as symbol] ?? {};
  socket.close();
  if (handle === undefined)
    throw new Error('This version of Node.js keeps the handle of a UDP socket elsewhere.');
  return Object.getPrototypeOf(handle) as Methods;
}

/**
 * Takes a list into force, besides what was denied before: nothing that component code could bring about, such as a
 * list of its own or a name that no longer resolves, opens one of our servers.
 */
export function denyAtHandles({ ports }: DenyList): void {
  for (let at = 0; at < ports.length; at += 1) {
    const entry = ports[at];
    if (entry === undefined || entry.isNameOnly) continue;
    const list = (denied[entry.port] ??= bareList<AddressRange>());
    for (let each = 0; each < entry.hosts.length; each += 1) addHost(list, entry.hosts[each] ?? '');
  }
}

/** Takes ranges into force that are refused unless they are allowed. */
export function refuseRangesAtHandles(
  ranges: readonly AddressRange[],
  exceptions: readonly AddressRange[],
): void {
  refused = ranges;
  allowed = exceptions;
}

/** Lets one address through at one port: the operator leads there, or a name that he allowed does. */
export function openAtHandles(address: string, port: number): void {
  const found = readAddress(address);
  if (found === undefined) return;
  const list = (opened[port] ??= bareList<AddressRange>());
  if (!holds(list, found)) addAddress(list, found);
}

/** Whether an address is in a refused range and was not let through. */
export function isRefused(address: string, port: number): boolean {
  const found = readAddress(address);
  if (refused === undefined) return false;
  const isTunnel = mayTunnel(address, port);
  if (isTunnel !== undefined) return !isTunnel;
  if (found === undefined) return true;
  if (!holds(refused, found) || holds(allowed, found)) return false;
  const exceptions = opened[port];
  return exceptions === undefined || !holds(exceptions, found);
}

function addHost(list: AddressRange[], host: string): void {
  if (isLoopback(host)) {
    if (holds(list, loopback[0]!)) return;
    for (let at = 0; at < loopback.length; at += 1) append(list, loopback[at]!);
    return;
  }
  const address = readAddress(host);
  if (address !== undefined && !holds(list, address)) addAddress(list, address);
}

function loopbackRanges(): AddressRange[] {
  return ['127.0.0.0/8', '0.0.0.0', '::1', '::'].map((range) => readRange(range)!);
}

function guard(methods: Methods, name: string, addressAt: number, portAt: number): void {
  const inner = methods[name];
  if (inner === undefined) throw new Error(`This version of Node.js connects otherwise than by "${name}".`);
  const guarded: Method = function (...args) {
    const address = args[addressAt];
    if (address === undefined) return apply(inner, this, args);
    if (typeof address !== 'string') return EACCES;
    // Read once, and as libuv reads it: an object could give another port the second time.
    const port = ((args[portAt] as number) >>> 0) & 0xff_ff;
    args[portAt] = port;
    return isDenied(address, port) ? EACCES : apply(inner, this, args);
  };
  Object.defineProperty(methods, name, { value: guarded, writable: false, configurable: false });
}

function isDenied(address: string, port: number): boolean {
  const list = denied[port];
  if (list === undefined && refused === undefined) return false;
  const found = readAddress(address);
  if (found === undefined) return true;
  return (list !== undefined && holds(list, found)) || isRefused(address, port);
}
