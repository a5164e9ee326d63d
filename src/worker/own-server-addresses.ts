import type { Env } from '../config/env';

/** `host:port` of our own servers, which component code must never reach. */
export function ownServerAddresses(env: Env): string[] {
  const mongodb = env.TENON_MONGODB_URI.reveal().replace(/^mongodb(\+srv)?:\/\//, '');
  const hosts = mongodb.split('/', 1)[0]?.split('@').at(-1) ?? '';
  const ui = env.TENON_TEMPORAL_UI_URL ? [hostAndPort(env.TENON_TEMPORAL_UI_URL)] : [];
  return [...hosts.split(','), env.TENON_TEMPORAL_ADDRESS, ...ui].filter((address) => address.includes(':'));
}

function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
