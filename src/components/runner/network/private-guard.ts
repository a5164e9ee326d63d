import { readAddress } from '../../../net/address-ranges';
import { append, bareList, bareTable } from '../../../net/captured';
import { plainAddress } from '../../../net/deny-list';
import { type HostOverride, isListedName, type NetworkRules } from '../../../net/network-rules';
import { allowedNames, allowedRanges, refusedRanges } from '../../../net/private-addresses';
import { isRefused, openAtHandles, refuseRangesAtHandles } from './handle-guard';

// Tables and lists without a prototype: component code may replace what other objects inherit.
const names = bareList<string>();
const reachable = bareTable<boolean>();
const overrides = bareTable<HostOverride>();
/** Names to which overrides led, with the port. */
const targets = bareTable<boolean>();
const { assign } = Object;
let isInForce = false;
let mayUseSockets = true;

/** Private addresses are refused, unless they are allowed. */
export function guardPrivateAddresses(rules: NetworkRules): void {
  for (const name of allowedNames(rules.allow)) append(names, name);
  for (const one of rules.reachable) reachable[one] = true;
  for (const { host, address, port } of rules.overrides)
    overrides[host] = { __proto__: null, host, address, port } as unknown as HostOverride;
  mayUseSockets = rules.allow.includes('loopback');
  isInForce = true;
  refuseRangesAtHandles(refusedRanges(), allowedRanges(rules.allow));
}

/** Whether addresses are checked at all. */
export const areRulesInForce = (): boolean => isInForce;

/** Where the operator sends the connections to a name instead. */
export function overrideOf(host: string): HostOverride | undefined {
  return overrides[host];
}

/** An address to which an override leads is the operator's choice, at that port alone. */
export function openOverride({ address }: HostOverride, port: number): void {
  if (readAddress(address) !== undefined) openAtHandles(plainAddress(address), port);
  else targets[`${plainAddress(address)}:${port}`] = true;
}

/** Whether a name or an address that the operator wrote may lead to a private address, at that port. */
export function isOpenName(host: string, port: number): boolean {
  const target = `${host}:${port}`;
  return isListedName(host, names) || reachable[target] === true || targets[target] === true;
}

/**
 * Why component code may not connect there; undefined when it may. What an open name leads to becomes open: `address`
 * must come from the system, or be what was asked for, and from nowhere else.
 */
export function refusalOfAddress(host: string, address: string, port: number): Error | undefined {
  if (!isInForce || !isRefused(address, port)) return undefined;
  if (isOpenName(host, port)) {
    openAtHandles(address, port);
    return undefined;
  }
  return refusalOf(host === address ? address : `${host} (${address})`);
}

/** The same for an answer that component code may have made up: it opens nothing. */
export function refusalOfClaimed(host: string, address: string, port: number): Error | undefined {
  return isInForce && isRefused(address, port) ? refusalOf(`${host} (${address})`) : undefined;
}

function refusalOf(where: string): Error {
  const message = `Component code may not connect to ${where}: it is a private, local or metadata address. An operator may allow it by TENON_ALLOW_ADDRESSES.`;
  return assign(new Error(message), { code: 'EACCES' });
}

/** The same for the socket of a file; only machines that allow loopback let these through. */
export function refusalOfSocket(path: string): Error | undefined {
  if (!isInForce || mayUseSockets) return undefined;
  const message = `Component code may not connect to the local socket ${path}.`;
  return assign(new Error(message), { code: 'EACCES' });
}
