import { begins, cut, toLower } from './captured';

/**
 * What an operator says of the network that component code, and what tenants steer otherwise, may reach. Plain
 * data: it crosses process borders.
 */
export interface NetworkRules {
  /** Of the refused ranges: `loopback`, `private`, CIDR ranges, addresses, names, `*.domain`. */
  allow: string[];
  overrides: HostOverride[];
  /** `host:port` that is always let through: our own API, the proxy. */
  reachable: string[];
  proxy?: OutgoingProxy;
}

/** A name that leads to an address of the operator's choice. */
export interface HostOverride {
  host: string;
  address: string;
  /** In place of the port that was asked for. */
  port?: number;
}

export interface OutgoingProxy {
  /** `http://user:password@host:port`. */
  url: string;
  /** Names, `*.domain` and addresses that are reached without it. */
  exempt: string[];
}

const HOST_NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;

/** Reads `name=address[:port]`, comma-separated; an IPv6 address in brackets. Throws naming what it cannot read. */
export function parseOverrides(text: string): HostOverride[] {
  return listOf(text).map((entry) => {
    const [, host = '', target = ''] = /^([^=]+)=(.+)$/.exec(entry) ?? [];
    const [, bracketed, plain, port] =
      /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(target) ?? [];
    const address = bracketed ?? plain;
    if (!HOST_NAME.test(host) || address === undefined || Number(port ?? 1) > 65_535 || Number(port ?? 1) < 1)
      throw new Error(`A host override is name=address or name=address:port, got "${entry}".`);
    return { host: host.toLowerCase(), address, ...(port && { port: Number(port) }) };
  });
}

/** The entries of a comma-separated list. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/**
 * Whether a name is one of those listed, or below one that begins with `*.`. Uses no method that component code could
 * replace.
 */
export function isListedName(name: string, list: readonly string[]): boolean {
  let plain = toLower(name);
  if (plain[plain.length - 1] === '.') plain = cut(plain, 0, -1);
  for (let at = 0; at < list.length; at += 1) {
    const wanted = toLower(list[at] ?? '');
    const isBelow = begins(wanted, '*.') && ends(plain, cut(wanted, 1));
    if (isBelow || plain === wanted) return true;
  }
  return false;
}

const ends = (text: string, ending: string): boolean =>
  text.length >= ending.length && cut(text, text.length - ending.length) === ending;
