import { lookup as lookUp } from 'node:dns';
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { Agent, Dispatcher, ProxyAgent, setGlobalDispatcher } from 'undici';
import { bareTable } from '../../../net/captured';
import { isLoopback, plainAddress } from '../../../net/deny-list';
import { isListedName, type OutgoingProxy } from '../../../net/network-rules';
import { refuseAll } from '../../../net/refuse-all';
import { areCertificatesUnchecked } from './unchecked-connections';

/** What the guard of this process says; handed over, since it is held out of the reach of later modules. */
export interface TargetGuard {
  faultOfTarget(host: string, port: number): Error | undefined;
  faultOfAnswer(host: string, found: readonly string[], port: number): Error | undefined;
  isOpenName(host: string, port: number): boolean;
  isOverridden(host: string): boolean;
}

// As it is before component code is loaded.
const lookup = lookUp;
/** How long a name that cannot be looked up here is left to the proxy without another try. */
const UNKNOWN_FOR_MS = 60_000;

type Arguments = [first: string | URL | RequestOptions, second?: unknown, third?: unknown];
type Request = (...args: Arguments) => http.ClientRequest;

/**
 * Sends what component code asks for by HTTP through a proxy: by Node's own modules, on which libraries build, and
 * by fetch. Plain requests go to the proxy with their whole address, TLS by a tunnel (RFC 9110, CONNECT).
 */
export function useProxy({ url, exempt }: OutgoingProxy, guard: TargetGuard): void {
  const isDirect = (host: string, port: number): boolean =>
    isLoopback(host) ||
    guard.isOverridden(host) ||
    guard.isOpenName(host, port) ||
    isListedName(host, exempt);
  const judge = judgeBy(guard);
  const plain = checked(new HttpProxyAgent(url, { keepAlive: true }), judge);
  const secure = checked(new HttpsProxyAgent(url, { keepAlive: true }), judge);
  wrap(http, 80, plain, isDirect);
  wrap(https, 443, secure, isDirect);
  syncBuiltinESMExports();
  setGlobalDispatcher(new ProxyDispatcher(url, isDirect, judge));
}

type IsDirect = (host: string, port: number) => boolean;
/** Says why the proxy may not be asked for a host, at once or once the name is looked up. */
type Judge = (host: string, port: number, then: (fault: Error | undefined) => void) => void;

function judgeBy({ faultOfTarget, faultOfAnswer }: TargetGuard): Judge {
  const unknown = bareTable<number>();
  return (host, port, then) => {
    const fault = faultOfTarget(host, port);
    // A name that cannot be looked up here is the proxy's to judge.
    if (fault || isIP(host) !== 0 || (unknown[host] ?? 0) > performance.now()) return then(fault);
    lookup(host, { all: true }, (error, found) => {
      if (error) unknown[host] = performance.now() + UNKNOWN_FOR_MS;
      const addresses = error ? [] : found.map(({ address }) => address);
      then(faultOfAnswer(host, addresses, port));
    });
  };
}

interface Failing {
  onSocket(socket: null, error: Error): void;
}

interface Queueing {
  addRequest(request: http.ClientRequest, options: RequestOptions): void;
}

/** Has each request wait until its target is judged, also those for which a connection is open already. */
function checked<T extends http.Agent>(agent: T, judge: Judge): T {
  const queue = agent as unknown as Queueing;
  const { addRequest } = queue;
  queue.addRequest = (request, options) => {
    const { host, port } = targetOf(request, options);
    judge(host, port, (fault) => {
      // As an agent says that there is no connection.
      if (fault) (request as unknown as Failing).onSocket(null, fault);
      else addRequest.call(agent, request, options);
    });
  };
  return agent;
}

/** What the proxy will be asked for: of a plain request its path or its Host header, if they name another host. */
function targetOf(request: http.ClientRequest, options: RequestOptions): { host: string; port: number } {
  const port = Number(options.port ?? 80);
  if (request.protocol === 'https:') return { host: plainAddress(String(options.host)), port };
  const base = `http://${String(request.getHeader('host') ?? options.host)}`;
  const url = new URL(request.path, base);
  return { host: plainAddress(url.hostname), port };
}

function wrap(
  module: typeof http | typeof https,
  defaultPort: number,
  agent: http.Agent,
  isDirect: IsDirect,
): void {
  const inner = module.request as Request;
  const request: Request = (...args) => {
    const { options, callback } = readArguments(args);
    const host = plainAddress(String(options.hostname ?? options.host ?? 'localhost'));
    const port = Number(options.port ?? defaultPort);
    if (typeof options.socketPath === 'string' || isDirect(host, port)) return inner(...args);
    // What an agent of the author's says of certificates counts on the way through the proxy too.
    const given = typeof options.agent === 'object' ? (options.agent as unknown as { options?: object }) : {};
    return inner({ ...given.options, ...options, agent } as RequestOptions, callback);
  };
  const get: Request = (...args) => {
    const sent = request(...args);
    sent.end();
    return sent;
  };
  Object.assign(module, { request, get });
}

/** The three forms of `http.request` as one. */
function readArguments([first, second, third]: Arguments): { options: RequestOptions; callback: unknown } {
  if (typeof first !== 'string' && !(first instanceof URL)) return { options: first, callback: second };
  const options = urlToHttpOptions(new URL(first)) as RequestOptions;
  if (typeof second === 'function') return { options, callback: second };
  return { options: { ...options, ...(second as RequestOptions | undefined) }, callback: third };
}

interface Ways {
  direct: Agent;
  proxy: ProxyAgent;
}

function waysBy(uri: string, rejectUnauthorized: boolean): Ways {
  const tls = { rejectUnauthorized };
  return {
    direct: new Agent({ connect: tls }),
    proxy: new ProxyAgent({ uri, proxyTunnel: false, requestTls: tls, proxyTls: tls }),
  };
}

/** For fetch: each request by the proxy or directly, redirects as well. */
class ProxyDispatcher extends Dispatcher {
  readonly #checked: Ways;
  /** For calls that check no certificates: theirs are no connections for others. */
  #unchecked: Ways | undefined;
  readonly #url: string;
  readonly #isDirect: IsDirect;
  readonly #judge: Judge;

  constructor(url: string, isDirect: IsDirect, judge: Judge) {
    super();
    this.#checked = waysBy(url, true);
    this.#url = url;
    this.#isDirect = isDirect;
    this.#judge = judge;
  }

  #ways(): Ways {
    if (!areCertificatesUnchecked()) return this.#checked;
    this.#unchecked ??= waysBy(this.#url, false);
    return this.#unchecked;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { hostname, port, protocol } = new URL(String(options.origin));
    const host = plainAddress(hostname);
    const number = Number(port || (protocol === 'https:' ? 443 : 80));
    const { direct, proxy } = this.#ways();
    if (this.#isDirect(host, number)) return direct.dispatch(options, handler);
    this.#judge(host, number, (fault) => {
      (fault ? refuseAll(fault) : proxy).dispatch(options, handler);
    });
    return true;
  }
}
