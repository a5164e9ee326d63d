import { randomUUID } from 'node:crypto';
import { internalUrl } from '../../config/env';
import { AppError } from '../../errors';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { Deps } from '../context';
import { verifyAgentToken } from './agent-token';
import { staleBefore, statusOf } from './resource-status';

type HoldDeps = Pick<Deps, 'env' | 'store'>;

/** What an agent says of itself. */
export interface AgentIntroduction {
  token: string;
  agentId: string;
  name: string;
  port: number;
}

const GENERATED_NAME = /^On-premise resource [0-9a-f]{8}$/;

const OCCUPIED = 'Another agent is connected for this resource; this one may wait for it to go.';

/**
 * The resource that an agent is for, without noting it. Throws `unauthenticated` for a token that does not hold, and
 * `conflict` while another agent is there.
 */
export async function admitAgent(
  { env, store }: HoldDeps,
  { token, agentId }: Pick<AgentIntroduction, 'token' | 'agentId'>,
): Promise<OnPremiseResource> {
  const { resourceId, generation } = await verifyAgentToken({ env }, token);
  const known = await store.onPremiseResources.findById(resourceId).lean<OnPremiseResource>();
  if (!known || known.tokenGeneration !== generation)
    throw new AppError('unauthenticated', 'The agent’s token was rotated, or its resource was deleted.');
  if (statusOf(known) === 'AVAILABLE' && known.holder?.agentId !== agentId)
    throw new AppError('conflict', OCCUPIED);
  return known;
}

/**
 * Notes that an agent is connected to this process. An agent that comes back takes the place of its lost connection;
 * another one waits while the first is there. Throws as {@link admitAgent}.
 */
export async function holdAgent(
  deps: HoldDeps,
  introduction: AgentIntroduction,
): Promise<{ resourceId: string; connectionId: string }> {
  const { agentId, name, port } = introduction;
  const { _id: resourceId, tokenGeneration, name: knownAs } = await admitAgent(deps, introduction);
  const connectionId = randomUUID();
  const now = new Date();
  const held = await deps.store.onPremiseResources.updateOne(
    {
      _id: resourceId,
      tokenGeneration,
      $or: [{ holder: null }, { seenAt: { $lte: staleBefore() } }, { 'holder.agentId': agentId }],
    },
    {
      $set: {
        holder: { origin: internalUrl(deps.env), connectionId, agentId },
        seenAt: now,
        port,
        updatedAt: now,
        // Somebody's own name for it counts over the agent's.
        ...(GENERATED_NAME.test(knownAs) && name && { name }),
      },
    },
  );
  if (held.matchedCount === 0) throw new AppError('conflict', OCCUPIED);
  return { resourceId, connectionId };
}

/** Says that these agents are still connected, and answers those of the connections that may not be any more. */
export async function stillHeld({ store }: HoldDeps, connectionIds: readonly string[]): Promise<Set<string>> {
  const mine = { 'holder.connectionId': { $in: [...connectionIds] } };
  await store.onPremiseResources.updateMany(mine, { $set: { seenAt: new Date() } });
  const left = await store.onPremiseResources.find(mine, { holder: 1 }).lean<OnPremiseResource[]>();
  const known = new Set(left.map(({ holder }) => holder?.connectionId));
  return new Set(connectionIds.filter((id) => !known.has(id)));
}

/** Notes that an agent is no longer connected here. */
export async function letAgentGo({ store }: HoldDeps, connectionId: string): Promise<void> {
  await store.onPremiseResources.updateOne(
    { 'holder.connectionId': connectionId },
    { $set: { holder: null, seenAt: new Date() } },
  );
}
