import { readAddress } from './address-ranges';
import { append, bareTable, begins, cut, match, toLower } from './captured';

const SOCKET = /^(?:unix:(?:\/\/)?)?(\/.*)$/s;
const HOST_AND_PORT = /^(?:name:)?(.+):(\d{1,5})$/;
const LOCAL = bareTable<boolean>();
for (const host of ['localhost', '::1', '0.0.0.0', '::']) LOCAL[host] = true;
const call = Function.prototype.call;
const ParsedUrl = URL;
const hostnameOf = call.bind(
  Object.getOwnPropertyDescriptor(URL.prototype, 'hostname')?.get as () => string,
) as (url: URL) => string;
const addPath = call.bind(Set.prototype.add) as (paths: Set<string>, path: string) => unknown;

/** Addresses that component code may not reach. */
export interface DenyList {
  ports: { port: number; hosts: string[] /** Its address serves others too. */; isNameOnly: boolean }[];
  /** Absolute paths of Unix sockets. */
  paths: Set<string>;
  /** Names of services in the DNS whose records give further hosts and ports. */
  services: string[];
}

/**
 * Reads `host:port`, `[v6]:port`, socket paths, `srv:name`, where the name's `_mongodb._tcp` service gives the
 * hosts, and `name:host:port`, which denies a name alone; throws for anything else.
 */
export function parseDenyList(entries: string[]): DenyList {
  const list: DenyList = { ports: [], paths: new Set(), services: [] };
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? '';
    const path = match(SOCKET, entry)?.[1];
    if (path !== undefined) {
      addPath(list.paths, path);
      continue;
    }
    if (begins(entry, 'srv:')) {
      append(list.services, `_mongodb._tcp.${cut(entry, 4)}`);
      continue;
    }
    const found = match(HOST_AND_PORT, entry);
    if (found?.[1] === undefined)
      throw new Error(`A denied address must be host:port or a path, got "${entry}".`);
    const isNameOnly = begins(entry, 'name:');
    append(list.ports, { port: +(found[2] ?? ''), hosts: [plainAddress(found[1])], isNameOnly });
  }
  return list;
}

/** One spelling for one address: without brackets and zone, lower case, shortest form, v4 out of its v6 form. */
export function plainAddress(host: string): string {
  let plain = toLower(host);
  if (plain[0] === '[') plain = cut(plain, 1);
  if (plain[plain.length - 1] === ']') plain = cut(plain, 0, -1);
  for (let at = 0; at < plain.length; at += 1) if (plain[at] === '%') plain = cut(plain, 0, at);
  if (plain[plain.length - 1] === '.') plain = cut(plain, 0, -1);
  const address = readAddress(plain);
  if (address === undefined) return plain;
  const { groups } = address;
  if (address.isV4) {
    const high = groups[6] ?? 0;
    const low = groups[7] ?? 0;
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  // The URL parser writes a v6 address in one form.
  return cut(hostnameOf(new ParsedUrl(`http://[${plain}]`)), 1, -1);
}

/** True for names and addresses that lead to this machine. */
export function isLoopback(host: string): boolean {
  return begins(host, '127.') || LOCAL[host] === true;
}
