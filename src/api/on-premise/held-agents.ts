import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Logger } from '../../config/logger';
import type { Deps } from '../../services/context';
import { letAgentGo, stillHeld } from '../../services/on-premise/hold-agents';
import { HEARTBEAT_MS } from '../../services/on-premise/resource-status';
import { Channel } from '../../tunnel/channel';
import { LEAVE } from '../../tunnel/frames';
import { keepAlive } from '../../tunnel/keep-alive';

/** WebSocket's close code for who breaks a rule: its token does not hold any more. */
const REVOKED = 1008;

/** The agents that are connected to this process, by resource. */
export class HeldAgents {
  readonly #agents = new Map<string, { channel: Channel; connectionId: string }>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(
    private readonly deps: Deps,
    private readonly logger: Logger | undefined,
  ) {
    this.#heartbeat = setInterval(() => {
      if (this.#agents.size > 0) this.#sayAlive().catch((error: unknown) => this.#warn(error));
    }, HEARTBEAT_MS).unref();
  }

  add(resourceId: string, connectionId: string, socket: WebSocket): void {
    this.#agents.get(resourceId)?.channel.socket.terminate();
    this.#agents.set(resourceId, { channel: new Channel(socket), connectionId });
    keepAlive(socket);
    socket.once('close', () => {
      if (this.#agents.get(resourceId)?.connectionId === connectionId) this.#agents.delete(resourceId);
      letAgentGo(this.deps, connectionId).catch((error: unknown) => this.#warn(error));
    });
  }

  /** Opens a stream to what the agent of a resource is for. Rejects with a reason for whoever reads the run's error. */
  async open(resourceId: string): Promise<Duplex> {
    const agent = this.#agents.get(resourceId);
    if (!agent) throw new Error('its agent is no longer connected');
    return agent.channel.open('');
  }

  /** Sends the agents to other processes; what is open goes on here until the process ends. */
  leave(): void {
    clearInterval(this.#heartbeat);
    for (const { channel } of this.#agents.values()) channel.socket.send(LEAVE);
  }

  async #sayAlive(): Promise<void> {
    const held = [...this.#agents.values()];
    const lost = await stillHeld(
      this.deps,
      held.map(({ connectionId }) => connectionId),
    );
    for (const { channel, connectionId } of held) {
      if (!lost.has(connectionId)) continue;
      channel.socket.close(REVOKED, 'The token was rotated, or the resource deleted.');
      channel.cut('its agent was cut off');
    }
  }

  #warn(error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    this.logger?.warn({ cause }, 'the agents that are connected here could not be noted');
  }
}
