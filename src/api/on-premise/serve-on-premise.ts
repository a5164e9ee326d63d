import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Logger } from '../../config/logger';
import { AppError, pathNotFound } from '../../errors';
import type { Deps } from '../../services/context';
import { SIGNATURE_HEADER } from '../../services/executions/accept/origin-push';
import { type AgentIntroduction, admitAgent } from '../../services/on-premise/hold-agents';
import { isSignedDial, STREAMS_PATH, TIME_HEADER } from '../../services/on-premise/internal-call';
import { Channel } from '../../tunnel/channel';
import { keepAlive } from '../../tunnel/keep-alive';
import { AGENT_PATH, SOCKET_OPTIONS, SUBPROTOCOL } from '../../tunnel/paths';
import { toAppError } from '../error-response';
import { HeldAgents } from './held-agents';
import { serveWithoutUpgrade } from './ordinary-request';

/** Who says that it closes a WebSocket and then does not is cut after `closeTimeout` ms. */
const SERVER_OPTIONS = { ...SOCKET_OPTIONS, closeTimeout: 2000 };

/** The door of agents, and of workers that want to reach what agents are for. */
export interface OnPremiseDoor {
  /** Takes nobody any more and sends agents to other processes; open streams go on. */
  leave(): void;
  /** Cuts what is left, and notes it. */
  close(): Promise<void>;
}

/** Takes the WebSockets of a server. All other requests are served as before. */
export function serveOnPremise(server: Server, deps: Deps, logger?: Logger): OnPremiseDoor {
  const sockets = new WebSocketServer({
    noServer: true,
    ...SERVER_OPTIONS,
    handleProtocols: () => SUBPROTOCOL,
  });
  const agents = new HeldAgents(deps, logger);
  let isLeaving = false;
  const take = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    if (isLeaving) throw new AppError('dependency_unavailable', 'This process stops.');
    const { url: target = '' } = request;
    if (!URL.canParse(target, 'http://api')) throw pathNotFound(`${request.method} ${target}`);
    const url = new URL(target, 'http://api');
    if (url.pathname.endsWith(AGENT_PATH)) {
      const introduction = introductionOf(request, url);
      await admitAgent(deps, introduction);
      requireProtocol(request);
      sockets.handleUpgrade(request, socket, head, (one) => void agents.take(one, introduction));
    } else if (url.pathname === STREAMS_PATH) {
      requireWorker(deps, request);
      requireProtocol(request);
      sockets.handleUpgrade(request, socket, head, (one) => {
        keepAlive(one);
        return new Channel(one, (resourceId) => agents.open(resourceId));
      });
    } else throw pathNotFound(`${request.method} ${url.pathname}`);
  };
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      serveWithoutUpgrade(server, request, socket, head);
      return;
    }
    socket.on('error', () => {});
    take(request, socket, head).catch((error: unknown) => refuse(socket, toAppError(error)));
  });
  return {
    leave() {
      isLeaving = true;
      agents.leave();
    },
    async close() {
      const closed = [...sockets.clients].map((one) => {
        one.terminate();
        return new Promise((resolve) => one.once('close', resolve));
      });
      await Promise.all(closed);
      await agents.gone();
    },
  };
}

function introductionOf(request: IncomingMessage, { searchParams }: URL): AgentIntroduction {
  const port = Number(searchParams.get('port'));
  return {
    token: /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '',
    agentId: (searchParams.get('agent') ?? '').slice(0, 100),
    name: (searchParams.get('name') ?? '').trim().slice(0, 200),
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0,
  };
}

function requireProtocol({ headers }: IncomingMessage): void {
  const offered = headers['sec-websocket-protocol'] ?? '';
  if (!offered.split(',').some((one) => one.trim() === SUBPROTOCOL))
    throw new AppError(
      'invalid_input',
      `This server speaks ${SUBPROTOCOL} with agents and workers, and was offered ${offered.slice(0, 100) || 'nothing'}: use those of its own version.`,
    );
}

function requireWorker({ env }: Deps, { headers }: IncomingMessage): void {
  const [time, signature] = [headers[TIME_HEADER], headers[SIGNATURE_HEADER]].map(String);
  if (!isSignedDial(env, time ?? '', signature ?? ''))
    throw new AppError('unauthenticated', 'Only workers of this stack may do this.');
}

/**
 * Answers as the other doors do, on a connection that is no WebSocket yet, and closes it: nothing else would end one
 * whose other side does not.
 */
function refuse(socket: Duplex, { status, code, message }: AppError): void {
  const body = JSON.stringify({ status, code, detail: message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
