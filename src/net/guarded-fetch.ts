import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, Dispatcher, EnvHttpProxyAgent, fetch as sendRequest } from 'undici';
import { holds, readAddress } from './address-ranges';
import { isLoopback, parseDenyList, plainAddress } from './deny-list';
import { isListedName, type NetworkRules, type OutgoingProxy } from './network-rules';
import { allowedNames, allowedRanges, refusedRanges } from './private-addresses';
import { refuseAll } from './refuse-all';

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
  const direct = new Agent({ connect });
  const dispatcher = rules.proxy
    ? new ProxiedDispatcher({ rules, denied, ...(ca !== undefined && { ca }) }, rules.proxy, direct, refusal)
    : direct;
  return ((input: string, init?: object) =>
    sendRequest(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

/**
 * Hands requests to the operator's proxy once their addresses are checked: of a connection to the proxy nothing can
 * be seen. A name that cannot be looked up here is the proxy's to judge.
 */
class ProxiedDispatcher extends Dispatcher {
  readonly #proxy: EnvHttpProxyAgent;
  readonly #exempt: string[];

  constructor(
    readonly options: GuardOptions,
    { url, exempt }: OutgoingProxy,
    readonly direct: Dispatcher,
    readonly refusal: Refusal,
  ) {
    super();
    const trusted = options.ca === undefined ? {} : { ca: options.ca };
    this.#proxy = new EnvHttpProxyAgent({
      httpProxy: url,
      httpsProxy: url,
      // What goes past the proxy is decided here.
      noProxy: '',
      requestTls: trusted,
      proxyTls: trusted,
    });
    this.#exempt = exempt;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { hostname, port, protocol } = new URL(String(options.origin));
    const host = plainAddress(hostname);
    const number = Number(port || (protocol === 'https:' ? 443 : 80));
    const { rules } = this.options;
    const isDirect =
      rules.overrides.some((one) => one.host === host) ||
      isListedName(host, this.#exempt) ||
      isListedName(host, allowedNames(rules.allow)) ||
      rules.reachable.includes(`${host}:${number}`);
    // The connector checks what goes directly.
    if (isDirect) return this.direct.dispatch(options, handler);
    const pass = (fault: Error | undefined) =>
      (fault ? refuseAll(fault) : this.#proxy).dispatch(options, handler);
    // By its name as well, which is all that may be known of our own servers.
    const fault = this.refusal(host, host, number, isIP(host) === 0);
    if (fault || isIP(host) !== 0) return pass(fault);
    checkedLookup((address) => this.refusal(host, address, number, false))(
      host,
      { all: true },
      (error) => void pass(error instanceof AddressRefused ? error : undefined),
    );
    return true;
  }
}

/** The request was not made. */
class AddressRefused extends Error {}

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
    if (isOwn) return new AddressRefused(`${host}:${port} is one of the servers that Tenon itself runs on.`);
    const found = readAddress(address);
    const isOpen =
      isOverridden ||
      isListedName(host, names) ||
      rules.reachable.includes(`${host}:${port}`) ||
      (found !== undefined && holds(allowed, found));
    if (isOpen || (found !== undefined && !holds(refused, found))) return undefined;
    return new AddressRefused(
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
