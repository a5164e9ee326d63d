import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Logger } from '../../config/logger';
import { isAppError } from '../../errors';
import type { Deps } from '../../services/context';
import {
  type AgentIntroduction,
  holdAgent,
  letAgentGo,
  stillHeld,
} from '../../services/on-premise/hold-agents';
import { HEARTBEAT_MS } from '../../services/on-premise/resource-status';
import { Channel } from '../../tunnel/channel';
import { LEAVE, WELCOME } from '../../tunnel/frames';
import { keepAlive } from '../../tunnel/keep-alive';
import { toAppError } from '../error-response';
import { missingHello } from './hello';

/** WebSocket's close codes for who breaks a rule, such as one whose token does not hold any more, … */
const REVOKED = 1008;
/** … for who does not speak as an agent does, … */
const NO_AGENT = 1002;
/** … and for who may try again. */
const LATER = 1013;
/** What a close frame has room for. */
const MOST_REASON_BYTES = 123;
/** So long a worker that found an agent waits for this process to have noted it itself, ms. */
const NOTING_MS = 200;

/** The agents that are connected to this process, by resource. */
export class HeldAgents {
  readonly #agents = new Map<string, { channel: Channel; connectionId: string }>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Notes that agents went, on their way to the store. */
  readonly #goings = new Set<Promise<void>>();
  #isLeaving = false;

  constructor(
    private readonly deps: Deps,
    private readonly logger: Logger | undefined,
  ) {
    this.#heartbeat = setInterval(() => {
      if (this.#agents.size > 0) this.#sayAlive().catch((error: unknown) => this.#warn(error));
    }, HEARTBEAT_MS).unref();
  }

  /** Takes the WebSocket of an agent: runs find it once it has said hello, and until the WebSocket ends. */
  async take(socket: WebSocket, introduction: AgentIntroduction): Promise<void> {
    keepAlive(socket);
    // What went wrong shows by the close that follows.
    socket.on('error', () => {});
    const fault = await missingHello(socket);
    if (fault !== undefined) {
      end(socket, NO_AGENT, fault);
      return;
    }
    try {
      const { resourceId, connectionId } = await holdAgent(this.deps, introduction);
      if (socket.readyState === WebSocket.OPEN) this.#keep(resourceId, connectionId, socket);
      else await letAgentGo(this.deps, connectionId);
    } catch (error) {
      const { code, message } = toAppError(error);
      if (!isAppError(error)) this.#warn(error);
      end(socket, code === 'unauthenticated' ? REVOKED : LATER, message);
    }
  }

  #keep(resourceId: string, connectionId: string, socket: WebSocket): void {
    this.#agents.get(resourceId)?.channel.socket.terminate();
    this.#agents.set(resourceId, { channel: new Channel(socket), connectionId });
    socket.once('close', () => {
      this.#forget(resourceId, connectionId);
      const going = letAgentGo(this.deps, connectionId)
        .catch((error: unknown) => this.#warn(error))
        .finally(() => this.#goings.delete(going));
      this.#goings.add(going);
    });
    socket.send(this.#isLeaving ? LEAVE : WELCOME);
  }

  #forget(resourceId: string, connectionId: string): void {
    if (this.#agents.get(resourceId)?.connectionId === connectionId) this.#agents.delete(resourceId);
  }

  /** Opens a stream to what the agent of a resource is for. Rejects with a reason for whoever reads the run's error. */
  async open(resourceId: string): Promise<Duplex> {
    if (!this.#agents.has(resourceId)) await sleep(NOTING_MS);
    const agent = this.#agents.get(resourceId);
    if (!agent) throw new Error('its agent is no longer connected');
    return agent.channel.open('');
  }

  /** Sends the agents to other processes; what is open goes on here until the process ends. */
  leave(): void {
    this.#isLeaving = true;
    clearInterval(this.#heartbeat);
    for (const { channel } of this.#agents.values()) channel.socket.send(LEAVE);
  }

  /** Resolves when it is noted of all agents that went. */
  async gone(): Promise<void> {
    await Promise.all(this.#goings);
  }

  async #sayAlive(): Promise<void> {
    const held = [...this.#agents];
    const lost = await stillHeld(
      this.deps,
      held.map(([, { connectionId }]) => connectionId),
    );
    for (const [resourceId, { channel, connectionId }] of held) {
      if (!lost.has(connectionId)) continue;
      this.#forget(resourceId, connectionId);
      end(channel.socket, REVOKED, 'The token was rotated, or the resource deleted.');
      channel.cut('its agent was cut off');
    }
  }

  #warn(error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    this.logger?.warn({ cause }, 'the agents that are connected here could not be noted');
  }
}

function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(
    code,
    Buffer.from(reason)
      .subarray(0, MOST_REASON_BYTES)
      .toString()
      .replace(/\uFFFD$/, ''),
  );
}
