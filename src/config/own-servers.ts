import { isIPv6 } from 'node:net';
import type { Env } from './env';

const MONGODB_PORT = 27_017;
const TEMPORAL_PORT = 7_233;

type ServerSettings = Pick<
  Env,
  | 'TENON_MONGODB_URI'
  | 'TENON_TEMPORAL_ADDRESS'
  | 'TENON_TEMPORAL_UI_URL'
  | 'TENON_WORKER_HOST'
  | 'TENON_WORKER_PORT'
>;

/**
 * Our own servers, which component code must never reach: `host:port`, socket paths, `srv:name` for hosts that the
 * DNS lists, `name:host:port` for what shares its address with others.
 */
export function ownServerAddresses(env: ServerSettings): string[] {
  return [
    ...mongodbAddresses(env.TENON_MONGODB_URI.reveal()),
    withPort(env.TENON_TEMPORAL_ADDRESS, TEMPORAL_PORT),
    ...(env.TENON_TEMPORAL_UI_URL === undefined ? [] : [webAddress(env.TENON_TEMPORAL_UI_URL)]),
    ...healthAddress(env),
  ];
}

/** Where this worker tells how it is, if anywhere. */
function healthAddress({ TENON_WORKER_HOST: host, TENON_WORKER_PORT: port }: ServerSettings): string[] {
  return port === 0 ? [] : [`${isIPv6(host) ? `[${host}]` : host}:${port}`];
}

function mongodbAddresses(uri: string): string[] {
  const [, service = '', rest = ''] = /^mongodb(\+srv)?:\/\/(.*)$/.exec(uri) ?? [];
  const hosts = rest.split(/[/?]/, 1)[0]?.split('@').at(-1) ?? '';
  return hosts
    .split(',')
    .filter((host) => host !== '')
    .map((host) => {
      if (service !== '') return `srv:${host}`;
      const plain = decodeURIComponent(host);
      return plain.startsWith('/') ? plain : withPort(plain, MONGODB_PORT);
    });
}

function withPort(address: string, port: number): string {
  const isBareV6 = address.split(':').length > 2 && !address.startsWith('[');
  return /:\d+$/.test(address) && !isBareV6 ? address : `${address}:${port}`;
}

/** A URL without a port leads to a proxy, whose address serves other names too: that one is denied by name. */
function webAddress(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  if (port !== '') return `${hostname}:${port}`;
  return `name:${hostname}:${protocol === 'https:' ? '443' : '80'}`;
}
