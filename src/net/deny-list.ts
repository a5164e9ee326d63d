import { isIP } from 'node:net';

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
  for (const entry of entries) {
    const path = entry.replace(/^unix:(\/\/)?/, '');
    if (path.startsWith('/')) {
      list.paths.add(path);
      continue;
    }
    if (entry.startsWith('srv:')) {
      list.services.push(`_mongodb._tcp.${entry.slice(4)}`);
      continue;
    }
    const match = /^(?:name:)?(.+):(\d{1,5})$/.exec(entry);
    if (match?.[1] === undefined)
      throw new Error(`A denied address must be host:port or a path, got "${entry}".`);
    list.ports.push({
      port: Number(match[2]),
      hosts: [plainAddress(match[1])],
      isNameOnly: entry.startsWith('name:'),
    });
  }
  return list;
}

/** One spelling for one address: without brackets and zone, lower case, shortest form, v4 out of its v6 form. */
export function plainAddress(host: string): string {
  const plain = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '');
  if (isIP(plain) !== 6) return plain;
  // The URL parser knows every way to write a v6 address, and writes it in one.
  const address = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped === null) return address;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** True for names and addresses that lead to this machine. */
export function isLoopback(host: string): boolean {
  return host.startsWith('127.') || ['localhost', '::1', '0.0.0.0', '::'].includes(host);
}
