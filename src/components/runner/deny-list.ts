/** Addresses that component code may not reach. */
export interface DenyList {
  ports: { port: number; hosts: string[] }[];
  /** Absolute paths of Unix sockets. */
  paths: Set<string>;
}

/** Reads `host:port`, `[v6]:port` and socket paths; throws for anything else. */
export function parseDenyList(entries: string[]): DenyList {
  const list: DenyList = { ports: [], paths: new Set() };
  for (const entry of entries) {
    const path = entry.replace(/^unix:(\/\/)?/, '');
    if (path.startsWith('/')) {
      list.paths.add(path);
      continue;
    }
    const match = /^(.+):(\d{1,5})$/.exec(entry);
    if (match?.[1] === undefined)
      throw new Error(`A denied address must be host:port or a path, got "${entry}".`);
    list.ports.push({ port: Number(match[2]), hosts: [plainAddress(match[1])] });
  }
  return list;
}

/** One spelling for one address: without brackets and zone, lower case, v4 out of its v6 form. */
export function plainAddress(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

/** True for names and addresses that lead to this machine. */
export function isLoopback(host: string): boolean {
  return /^127\./.test(host) || ['localhost', '::1', '0.0.0.0', '::'].includes(host);
}
