import { isIP } from 'node:net';
import { plainAddress } from '../../../net/deny-list';
import { type HostOverride, isListedName, type NetworkRules } from '../../../net/network-rules';
import { allowedNames, allowedRanges, refusedRanges } from '../../../net/private-addresses';
import { isRefused, openAtHandles, refuseRangesAtHandles } from './handle-guard';

let names: readonly string[] = [];
let reachable: readonly string[] = [];
let overrides: ReadonlyMap<string, HostOverride> = new Map();
/** Names to which overrides led, with the port. */
const targets = new Set<string>();
let isInForce = false;
let mayUseSockets = true;

/** Private addresses are refused, unless they are allowed. */
export function guardPrivateAddresses(rules: NetworkRules): void {
  names = allowedNames(rules.allow);
  reachable = rules.reachable;
  overrides = new Map(rules.overrides.map((one) => [one.host, one]));
  mayUseSockets = rules.allow.includes('loopback');
  isInForce = true;
  refuseRangesAtHandles(refusedRanges(), allowedRanges(rules.allow));
}

/** Whether addresses are checked at all. */
export const areRulesInForce = (): boolean => isInForce;

/** Where the operator sends the connections to a name instead. */
export function overrideOf(host: string): HostOverride | undefined {
  return overrides.get(host);
}

/** An address to which an override leads is the operator's choice, at that port alone. */
export function openOverride({ address }: HostOverride, port: number): void {
  if (isIP(address) !== 0) openAtHandles(plainAddress(address), port);
  else targets.add(`${address}:${port}`);
}

/** Whether a name may lead to a private address, at that port. */
export function isOpenName(host: string, port: number): boolean {
  return isListedName(host, names) || reachable.includes(`${host}:${port}`) || targets.has(`${host}:${port}`);
}

/** Why component code may not connect there; undefined when it may. What an open name leads to becomes open. */
export function refusalOfAddress(host: string, address: string, port: number): Error | undefined {
  if (!isInForce || !isRefused(address, port)) return undefined;
  if (isOpenName(host, port)) {
    openAtHandles(address, port);
    return undefined;
  }
  const where = host === address ? address : `${host} (${address})`;
  const message = `Component code may not connect to ${where}: it is a private, local or metadata address. An operator may allow it by TENON_ALLOW_ADDRESSES.`;
  return Object.assign(new Error(message), { code: 'EACCES' });
}

/** The same for the socket of a file; only machines that allow loopback let these through. */
export function refusalOfSocket(path: string): Error | undefined {
  if (!isInForce || mayUseSockets) return undefined;
  const message = `Component code may not connect to the local socket ${path}.`;
  return Object.assign(new Error(message), { code: 'EACCES' });
}
