import { isIP } from 'node:net';
import { type AddressRange, readRange } from './address-ranges';
import { bareList } from './captured';

const LOOPBACK = ['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
/**
 * What leads to no public host either, after the IANA special-purpose address registries (RFC 6890): link-local
 * addresses with the metadata services of clouds, translations of IPv4 addresses, documentation, multicast. The
 * last one is the metadata service of a cloud that has a public address.
 */
const OTHER = [
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '168.63.129.16/32',
];
const GROUPS: Record<string, readonly string[] | undefined> = { loopback: LOOPBACK, private: PRIVATE };

/** Every range that is refused unless it is allowed. */
export function refusedRanges(): AddressRange[] {
  return listed([...LOOPBACK, ...PRIVATE, ...OTHER]);
}

/** The ranges and addresses among allowed entries; names are left out. Throws for what is neither. */
export function allowedRanges(allow: readonly string[]): AddressRange[] {
  return listed(allow.flatMap((entry) => GROUPS[entry.toLowerCase()] ?? (isRange(entry) ? [entry] : [])));
}

/** The names among allowed entries. */
export function allowedNames(allow: readonly string[]): string[] {
  return allow.filter((entry) => GROUPS[entry.toLowerCase()] === undefined && !isRange(entry));
}

const isRange = (entry: string): boolean => isIP(entry.split('/')[0] ?? '') !== 0;

function listed(entries: readonly string[]): AddressRange[] {
  const list = bareList<AddressRange>();
  for (const entry of entries) {
    const range = readRange(entry);
    if (range === undefined) throw new Error(`"${entry}" is no address and no range of addresses.`);
    list[list.length] = range;
  }
  return list;
}
