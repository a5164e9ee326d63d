import { isIP } from 'node:net';
import { listOf, type NetworkRules, parseOverrides } from '../net/network-rules';
import { type Env, internalUrl, publicUrl } from './env';

/** What the operator's settings say of outgoing connections that component code makes or tenants steer. */
export function networkRules(env: Env): NetworkRules {
  const proxy = env.TENON_OUTGOING_PROXY?.reveal();
  return {
    allow: listOf(env.TENON_ALLOW_ADDRESSES),
    overrides: parseOverrides(env.TENON_HOST_OVERRIDES),
    reachable: [publicUrl(env), internalUrl(env), ...(proxy ? [proxy] : [])].map(hostAndPort),
    ...(proxy && { proxy: { url: proxy, exempt: listOf(env.TENON_NO_PROXY) } }),
  };
}

function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  const host = isIP(hostname.replace(/^\[|\]$/g, '')) === 6 ? hostname.slice(1, -1) : hostname;
  return `${host}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
