import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { awaitAgent } from '../../services/on-premise/await-agent';
import type { Channel } from '../../tunnel/channel';
import { cut, join } from '../../tunnel/join';
import type { RunDeps } from '../run-deps';
import { dial } from './dial';

const TRIES = 4;

/** Why a connection could not be made, or was lost. */
export interface TunnelFault {
  /** Half a sentence. */
  reason: string;
  /** In ms since 1970. */
  at: number;
  /** False once another connection was made or something came through the port. */
  isLast: boolean;
}

/** A local port that leads to a service in a customer's network. */
export interface Tunnel {
  port: number;
  /** The last connection that could not be made, or was lost. */
  fault: TunnelFault | undefined;
  /** Cuts what is open. */
  close(): void;
}

/** A process that has died is named as the holder until its agent has found another one. */
async function dialHolder(deps: Pick<RunDeps, 'env' | 'store'>, resourceId: string): Promise<Channel> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await awaitAgent(deps, resourceId);
    if ('fault' in found) throw new Error(found.fault);
    try {
      return await dial(deps.env, found.origin);
    } catch (error) {
      if (attempt === TRIES) throw error;
      await sleep(attempt * 500);
    }
  }
}

/** Listens at a free local port, and connects what comes there by the agent of a resource. */
export async function openTunnel(deps: Pick<RunDeps, 'env' | 'store'>, resourceId: string): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  let dialled: Promise<Channel> | undefined;
  /** One for all connections: of two that were made at once, nobody would close the first. */
  const channelOf = (): Promise<Channel> => {
    if (dialled) return dialled;
    const forget = (): void => {
      dialled = undefined;
    };
    dialled = dialHolder(deps, resourceId);
    dialled.then(({ socket }) => socket.once('close', forget), forget);
    return dialled;
  };
  const fail = (reason: string): void => {
    tunnel.fault = { reason, at: Date.now(), isLast: true };
  };
  const goOn = (): void => {
    if (tunnel.fault) tunnel.fault.isLast = false;
  };
  const lead = async (socket: Socket): Promise<void> => {
    try {
      const stream = await (await channelOf()).open(resourceId);
      goOn();
      stream.once('error', ({ message }: Error) => fail(message));
      join(socket, stream);
      stream.on('data', goOn);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
      cut(socket);
    }
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    void lead(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tunnel: Tunnel = {
    port: (server.address() as AddressInfo).port,
    fault: undefined,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      dialled?.then(({ socket }) => socket.terminate()).catch(() => undefined);
    },
  };
  return tunnel;
}
