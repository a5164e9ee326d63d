import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Channel } from '../tunnel/channel';
import { HELLO, LEAVE, WELCOME } from '../tunnel/frames';
import { keepAlive } from '../tunnel/keep-alive';
import { AGENT_PATH, SOCKET_OPTIONS, SUBPROTOCOL } from '../tunnel/paths';
import type { AgentOptions } from './agent-options';
import { connectTarget } from './connect-target';

/** The server may take so long to welcome an agent that has said hello, ms. */
const WELCOME_LIMIT_MS = 15_000;
/** Open streams get so long to end when the agent is asked to stop, ms. */
const STOP_LIMIT_MS = 5000;

/** Why a connection to the API is over; `refused` will be so at the next try, too. */
export interface SessionEnd {
  kind: 'stopped' | 'lost' | 'refused';
  reason: string;
}

interface Session {
  /** Of this process: one that comes back takes the place of its lost connection. */
  agentId: string;
  onConnected: () => void;
  stopping: AbortSignal;
}

/** One connection to the API, from its beginning to its end. */
export function runSession(
  options: AgentOptions,
  { agentId, onConnected, stopping }: Session,
): Promise<SessionEnd> {
  const socket = new WebSocket(addressOf(options, agentId), SUBPROTOCOL, {
    ...SOCKET_OPTIONS,
    headers: { authorization: `Bearer ${options.token}` },
  });
  const channel = new Channel(socket, () => {
    if (stopping.aborted) throw new Error('the agent stops');
    return connectTarget(options);
  });
  const leave = async (limitMs?: number): Promise<void> => {
    await Promise.race([channel.idle(), ...(limitMs ? [sleep(limitMs, undefined, { ref: false })] : [])]);
    socket.close(1001);
  };
  return new Promise((resolve) => {
    const stop = () =>
      void (socket.readyState === WebSocket.OPEN ? leave(STOP_LIMIT_MS) : socket.terminate());
    stopping.addEventListener('abort', stop, { once: true });
    let failure = 'the connection was lost';
    let welcoming: NodeJS.Timeout | undefined;
    socket.once('open', () => {
      keepAlive(socket);
      socket.send(HELLO);
      welcoming = setTimeout(() => {
        failure = 'the server does not answer';
        socket.terminate();
      }, WELCOME_LIMIT_MS);
    });
    socket.on('message', (data: Buffer, isBinary) => {
      const said = isBinary ? undefined : data.toString();
      if (said === WELCOME) {
        clearTimeout(welcoming);
        onConnected();
      } else if (said === LEAVE) {
        clearTimeout(welcoming);
        // The streams that are open here go on beside the next connection.
        void leave();
        resolve({ kind: 'lost', reason: 'the server stops' });
      }
    });
    socket.once('unexpected-response', (_request, response) => {
      void reasonOf(response).then((reason) => {
        socket.terminate();
        resolve({ kind: response.statusCode === 401 ? 'refused' : 'lost', reason });
      });
    });
    socket.on('error', ({ message }) => (failure = message));
    socket.once('close', (_code, reason) => {
      clearTimeout(welcoming);
      stopping.removeEventListener('abort', stop);
      resolve({ kind: stopping.aborted ? 'stopped' : 'lost', reason: reason.toString() || failure });
    });
  });
}

function addressOf({ url, target, name }: AgentOptions, agentId: string): URL {
  const address = new URL(url.pathname.replace(/\/+$/, '') + AGENT_PATH, url);
  address.protocol = url.protocol.replace('http', 'ws');
  address.search = new URLSearchParams({ agent: agentId, name, port: String(target.port) }).toString();
  return address;
}

/** What the server says, with its status. */
async function reasonOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const part of response) text = `${text}${part as string}`.slice(0, 2000);
  const said = /"detail":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return `the server answered ${response.statusCode}${said ? `: ${said}` : ''}`;
}
