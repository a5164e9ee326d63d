import { createSocket } from 'node:dgram';
import { BlockList, isIP, Socket } from 'node:net';
import { type DenyList, isLoopback } from '../../../net/deny-list';

/** What libuv answers for a refused connection; Node makes an error with code EACCES of it. */
const EACCES = -13;

type Family = 'ipv4' | 'ipv6';
type Method = (this: object, ...args: unknown[]) => number;
type Methods = Record<string, Method | undefined>;

/** Held outside of the reach of component code: a list of addresses for each denied port. */
let denied: BlockList[] = [];
/** Ranges that are refused at all ports, except for those that are allowed; none before rules are in force. */
let refused: BlockList | undefined;
let allowed = new BlockList();
/** Addresses behind names that are allowed, by port. */
let opened: BlockList[] = [];
const check = Function.prototype.call.bind(BlockList.prototype.check) as (
  list: BlockList,
  address: string,
  family: Family,
) => boolean;
const add = Function.prototype.call.bind(BlockList.prototype.addAddress) as (
  list: BlockList,
  address: string,
  family: Family,
) => void;
const apply = Reflect.apply;

/**
 * Refuses denied addresses where every connection of this process ends: at the handles of libuv, behind name
 * resolution and all libraries. The methods there take numeric addresses, and cannot be put back.
 */
export function guardHandles(): void {
  const tcp = tcpMethods();
  // (request, address, port)
  guard(tcp, 'connect', 'ipv4', 1, 2);
  guard(tcp, 'connect6', 'ipv6', 1, 2);
  const udp = udpMethods();
  // (address, port)
  guard(udp, 'connect', 'ipv4', 0, 1);
  guard(udp, 'connect6', 'ipv6', 0, 1);
  // (request, list, count, port, address, …); a connected socket sends without address.
  guard(udp, 'send', 'ipv4', 4, 3);
  guard(udp, 'send6', 'ipv6', 4, 3);
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

/** Takes a list into force. */
export function denyAtHandles({ ports }: DenyList): void {
  const next: BlockList[] = [];
  for (const { port, hosts, isNameOnly } of ports) {
    if (isNameOnly) continue;
    const list = (next[port] ??= new BlockList());
    for (const host of hosts) addHost(list, host);
  }
  Object.setPrototypeOf(next, null);
  denied = next;
}

/** Takes ranges into force that are refused unless they are allowed. */
export function refuseRangesAtHandles(ranges: BlockList, exceptions: BlockList): void {
  refused = ranges;
  allowed = exceptions;
  opened = [];
  Object.setPrototypeOf(opened, null);
}

/** Lets one address through at one port: a name that is allowed leads there. */
export function openAtHandles(address: string, port: number): void {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const list = (opened[port] ??= new BlockList());
  if (!check(list, address, family)) add(list, address, family);
}

/** Whether an address is in a refused range and was not let through. */
export function isRefused(address: string, port: number): boolean {
  return isOutOfBounds(address, port, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function isOutOfBounds(address: string, port: number, family: Family): boolean {
  if (refused === undefined || !check(refused, address, family)) return false;
  const exceptions = opened[port];
  return (
    !check(allowed, address, family) && !(exceptions !== undefined && check(exceptions, address, family))
  );
}

function addHost(list: BlockList, host: string): void {
  if (isLoopback(host)) {
    list.addSubnet('127.0.0.0', 8, 'ipv4');
    list.addAddress('0.0.0.0', 'ipv4');
    list.addAddress('::1', 'ipv6');
    list.addAddress('::', 'ipv6');
  } else if (isIP(host) === 4) list.addAddress(host, 'ipv4');
  else if (isIP(host) === 6) list.addAddress(host, 'ipv6');
}

function guard(methods: Methods, name: string, family: Family, addressAt: number, portAt: number): void {
  const inner = methods[name];
  if (inner === undefined) throw new Error(`This version of Node.js connects otherwise than by "${name}".`);
  const guarded: Method = function (...args) {
    const address = args[addressAt];
    if (address === undefined) return apply(inner, this, args);
    if (typeof address !== 'string') return EACCES;
    // Read once, and as libuv reads it: an object could give another port the second time.
    const port = ((args[portAt] as number) >>> 0) & 0xff_ff;
    args[portAt] = port;
    return isDenied(address, port, family) ? EACCES : apply(inner, this, args);
  };
  Object.defineProperty(methods, name, { value: guarded, writable: false, configurable: false });
}

function isDenied(address: string, port: number, family: Family): boolean {
  const list = denied[port];
  if (list === undefined && refused === undefined) return false;
  try {
    const plain = withoutZone(address);
    return (list !== undefined && check(list, plain, family)) || isOutOfBounds(plain, port, family);
  } catch {
    return true;
  }
}

/** Cuts a zone (`fe80::1%eth0`), without methods of strings, which component code could replace. */
function withoutZone(address: string): string {
  let plain = '';
  for (let at = 0; at < address.length && address[at] !== '%'; at += 1) plain += address[at] ?? '';
  return plain;
}
