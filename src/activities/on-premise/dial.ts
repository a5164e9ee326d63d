import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Env } from '../../config/env';
import { SIGNATURE_HEADER } from '../../services/executions/accept/origin-push';
import { STREAMS_PATH, signDial, TIME_HEADER } from '../../services/on-premise/internal-call';
import { Channel } from '../../tunnel/channel';
import { keepAlive } from '../../tunnel/keep-alive';
import { SOCKET_OPTIONS, SUBPROTOCOL } from '../../tunnel/paths';

/** Connects to the API process that holds an agent. Rejects when it does not answer, with half a sentence. */
export async function dial(env: Env, origin: string): Promise<Channel> {
  const time = String(Date.now());
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}${STREAMS_PATH}`, SUBPROTOCOL, {
    ...SOCKET_OPTIONS,
    headers: { [TIME_HEADER]: time, [SIGNATURE_HEADER]: signDial(env, time) },
  });
  const channel = new Channel(socket);
  await once(socket, 'open').catch((cause: unknown) => {
    // Its address is nothing that the error of a run should tell.
    throw new Error('the server that its agent is connected to does not answer', { cause });
  });
  keepAlive(socket);
  return channel;
}
