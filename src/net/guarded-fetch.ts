import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, fetch as sendRequest } from 'undici';
import { isLoopback, parseDenyList, plainAddress } from './deny-list';
import { isListedName, type NetworkRules } from './network-rules';
import { allowedNames, allowedRanges, refusedRanges } from './private-addresses';

export interface GuardOptions {
  rules: NetworkRules;
  /** Our own servers, as {@link parseDenyList} reads them: never reached, whatever is allowed. */
  denied: string[];
  /** PEM text of certificates that are trusted besides the public ones. */
  ca?: string;
}

/**
 * Makes a fetch for requests to addresses that a tenant chose: refuses private, local and metadata addresses after
 * name resolution and at each redirect, unless the operator allows them, and our own servers always. The
 * operator's overrides and proxy count. Rejects as fetch does, the reason in `cause`.
 */
export function createGuardedFetch({ rules, denied, ca }: GuardOptions): typeof fetch {
  const refusal = refusalsOf(rules, denied);
  const connect: buildConnector.connector = (options, callback) => {
    const override = rules.overrides.find(({ host }) => host === options.hostname);
    const hostname = override?.address ?? options.hostname;
    const port = String(override?.port ?? (options.port || (options.protocol === 'https:' ? 443 : 80)));
    const check = (address: string) => refusal(hostname, address, Number(port), override !== undefined);
    const fault = isIP(plainAddress(hostname)) === 0 ? undefined : check(plainAddress(hostname));
    if (fault) return callback(fault, null);
    const servername = options.servername ?? options.hostname;
    // Made anew for each connection: what it looks up depends on the port as well.
    const connector = buildConnector({ ...(ca !== undefined && { ca }), lookup: checkedLookup(check) });
    connector({ ...options, hostname, port, servername }, callback);
  };
  const dispatcher = dispatcherOf(rules, connect);
  return ((input: string, init?: object) =>
    sendRequest(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

function dispatcherOf({ proxy }: NetworkRules, connect: buildConnector.connector): Dispatcher {
  if (!proxy) return new Agent({ connect });
  const { url: httpProxy, exempt } = proxy;
  return new EnvHttpProxyAgent({ httpProxy, httpsProxy: httpProxy, noProxy: exempt.join(','), connect });
}

type Refusal = (host: string, address: string, port: number, isOverridden: boolean) => Error | undefined;

function refusalsOf(rules: NetworkRules, denied: string[]): Refusal {
  const refused = refusedRanges();
  const allowed = allowedRanges(rules.allow);
  const names = allowedNames(rules.allow);
  const { ports } = parseDenyList(denied);
  return (host, address, port, isOverridden) => {
    const isOwn = ports.some(
      (entry) =>
        entry.port === port &&
        (entry.hosts.includes(host) ||
          entry.hosts.includes(address) ||
          (isLoopback(address) && entry.hosts.some(isLoopback))),
    );
    if (isOwn) return new Error(`${host}:${port} is one of the servers that Tenon itself runs on.`);
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const isOpen =
      isOverridden ||
      isListedName(host, names) ||
      rules.reachable.includes(`${host}:${port}`) ||
      allowed.check(address, family);
    if (isOpen || !refused.check(address, family)) return undefined;
    return new Error(
      `${host} is a private, local or metadata address (${address}). An operator may allow it by TENON_ALLOW_ADDRESSES.`,
    );
  };
}

function checkedLookup(check: (address: string) => Error | undefined): LookupFunction {
  return (host, options, callback) =>
    lookUp(host, options, (error, found, family) => {
      if (error) return callback(error, found as never, family);
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found as string];
      const fault = addresses.map((address) => check(plainAddress(address))).find((one) => one !== undefined);
      callback(fault ?? null, found as never, family);
    });
}
