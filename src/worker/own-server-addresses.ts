import type { Env } from '../config/env';

/** `host:port` of our own servers, which component code must never reach. */
export function ownServerAddresses(env: Env): string[] {
  const mongodb = env.TENON_MONGODB_URI.reveal().replace(/^mongodb(\+srv)?:\/\//, '');
  const hosts = mongodb.split('/', 1)[0]?.split('@').at(-1) ?? '';
  return [...hosts.split(','), env.TENON_TEMPORAL_ADDRESS].filter((address) => address.includes(':'));
}
