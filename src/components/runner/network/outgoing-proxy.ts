import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { Agent, Dispatcher, ProxyAgent, setGlobalDispatcher } from 'undici';
import { isLoopback, plainAddress } from '../../../net/deny-list';
import { isListedName, type OutgoingProxy } from '../../../net/network-rules';
import { faultOfTarget } from './egress-guard';
import { isOpenName, overrideOf } from './private-guard';

type Arguments = [first: string | URL | RequestOptions, second?: unknown, third?: unknown];
type Request = (...args: Arguments) => http.ClientRequest;

/**
 * Sends what component code asks for by HTTP through a proxy: by Node's own modules, on which libraries build, and
 * by fetch. Plain requests go to the proxy with their whole address, TLS by a tunnel (RFC 9110, CONNECT).
 */
export function useProxy({ url, exempt }: OutgoingProxy): void {
  const isDirect = (host: string, port: number): boolean =>
    isLoopback(host) ||
    overrideOf(host) !== undefined ||
    isOpenName(host, port) ||
    isListedName(host, exempt);
  const plain = new HttpProxyAgent(url, { keepAlive: true });
  const secure = new HttpsProxyAgent(url, { keepAlive: true });
  wrap(http, 80, plain, isDirect);
  wrap(https, 443, secure, isDirect);
  syncBuiltinESMExports();
  setGlobalDispatcher(new ProxyDispatcher(url, isDirect));
}

type IsDirect = (host: string, port: number) => boolean;

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
    const fault = faultOfTarget(host, port);
    // What an agent of the author's says of certificates counts on the way through the proxy too.
    const given = typeof options.agent === 'object' ? (options.agent as unknown as { options?: object }) : {};
    const proxied = inner({ ...given.options, ...options, agent } as RequestOptions, callback);
    if (fault) process.nextTick(() => proxied.destroy(fault));
    return proxied;
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

/** For fetch: each request by the proxy or directly, redirects as well. */
class ProxyDispatcher extends Dispatcher {
  readonly #direct = new Agent();
  readonly #proxy: ProxyAgent;
  readonly #isDirect: IsDirect;

  constructor(url: string, isDirect: IsDirect) {
    super();
    this.#proxy = new ProxyAgent({ uri: url, proxyTunnel: false });
    this.#isDirect = isDirect;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { hostname, port, protocol } = new URL(String(options.origin));
    const host = plainAddress(hostname);
    const number = Number(port || (protocol === 'https:' ? 443 : 80));
    if (this.#isDirect(host, number)) return this.#direct.dispatch(options, handler);
    const fault = isIP(host) === 0 ? undefined : faultOfTarget(host, number);
    if (fault) throw fault;
    return this.#proxy.dispatch(options, handler);
  }
}
