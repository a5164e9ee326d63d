import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { Socket } from 'node:net';

/** What libuv answers for a refused connection; Node makes an error with code EACCES of it. */
const EACCES = -13;

type Handle = Record<string, unknown>;

/**
 * Takes the network from this process for good, at the handles of libuv, where every connection ends: for code
 * that is loaded to be looked at and has nothing to ask anybody.
 */
export function takeNetwork(): void {
  for (const handle of [tcpHandle(), pipeHandle()])
    refuse(handle, ['connect', 'connect6', 'bind', 'bind6', 'listen', 'open']);
  refuse(udpHandle(), ['connect', 'connect6', 'send', 'send6', 'bind', 'bind6', 'open']);
  takeLookups();
}

/** Names are asked for past these handles: by the system, and by a resolver that opens sockets of its own. */
function takeLookups(): void {
  const { _handle: handle } = new dns.Resolver() as unknown as { _handle?: object };
  if (handle === undefined)
    throw new Error('This version of Node.js keeps the handle of a resolver elsewhere.');
  const methods = Object.getPrototypeOf(handle) as Handle;
  const asking = Object.getOwnPropertyNames(methods).filter((name) => /^(query|getHostBy)/.test(name));
  for (const name of asking) define(methods, name, refusedLookup);
  for (const name of ['lookup', 'lookupService']) {
    define(dns, name, (...args: unknown[]) => {
      const callback = args.find((one) => typeof one === 'function');
      process.nextTick(callback as (error: Error) => void, lookupFault());
      return {};
    });
    define(dns.promises, name, () => Promise.reject(lookupFault()));
  }
}

function refusedLookup(): never {
  throw lookupFault();
}

function lookupFault(): Error {
  const message = 'A package that is looked at has no network: names cannot be looked up.';
  return Object.assign(new Error(message), { code: 'EACCES' });
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: false, configurable: false, enumerable: true });
}

function refuse(methods: Handle, names: string[]): void {
  for (const name of names) {
    if (typeof methods[name] !== 'function') continue;
    Object.defineProperty(methods, name, { value: () => EACCES, writable: false, configurable: false });
  }
}

function tcpHandle(): Handle {
  const socket = new Socket();
  socket.on('error', () => {});
  // Makes the handle at once and connects in the next tick, which does not come.
  socket.connect({ port: 9, host: '127.0.0.1' });
  const methods = prototypeOfHandle(socket);
  socket.destroy();
  return methods;
}

function pipeHandle(): Handle {
  const socket = new Socket();
  socket.on('error', () => {});
  socket.connect({ path: '/nowhere' });
  const methods = prototypeOfHandle(socket);
  socket.destroy();
  return methods;
}

function prototypeOfHandle(socket: Socket): Handle {
  const { _handle: handle } = socket as unknown as { _handle: object };
  return Object.getPrototypeOf(handle) as Handle;
}

function udpHandle(): Handle {
  const socket = createSocket('udp4');
  const state = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const { handle } = (socket as unknown as Record<symbol, { handle: object }>)[state as symbol] ?? {};
  socket.close();
  if (handle === undefined)
    throw new Error('This version of Node.js keeps the handle of a UDP socket elsewhere.');
  return Object.getPrototypeOf(handle) as Handle;
}
