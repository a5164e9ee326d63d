import { randomUUID } from 'node:crypto';
import { internalUrl } from '../../config/env';
import { AppError } from '../../errors';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { Deps } from '../context';
import { verifyAgentToken } from './agent-token';
import { staleBefore } from './resource-status';

type HoldDeps = Pick<Deps, 'env' | 'store'>;

/** What an agent says of itself. */
export interface AgentIntroduction {
  token: string;
  agentId: string;
  name: string;
  port: number;
}

const GENERATED_NAME = /^On-premise resource [0-9a-f]{8}$/;

/**
 * Notes that an agent is connected to this process. An agent that comes back takes the place of its lost connection;
 * another one waits while the first is there: `conflict`. Throws `unauthenticated` for a token that does not hold.
 */
export async function holdAgent(
  deps: HoldDeps,
  { token, agentId, name, port }: AgentIntroduction,
): Promise<{ resourceId: string; connectionId: string }> {
  const { resourceId, generation } = await verifyAgentToken(deps, token);
  const { onPremiseResources } = deps.store;
  const known = await onPremiseResources.findById(resourceId).lean<OnPremiseResource>();
  if (!known || known.tokenGeneration !== generation)
    throw new AppError('unauthenticated', 'The agent’s token was rotated, or its resource was deleted.');
  const connectionId = randomUUID();
  const now = new Date();
  const held = await onPremiseResources.updateOne(
    {
      _id: resourceId,
      tokenGeneration: generation,
      $or: [{ holder: null }, { seenAt: { $lte: staleBefore() } }, { 'holder.agentId': agentId }],
    },
    {
      $set: {
        holder: { origin: internalUrl(deps.env), connectionId, agentId },
        seenAt: now,
        port,
        updatedAt: now,
        // Somebody's own name for it counts over the agent's.
        ...(GENERATED_NAME.test(known.name) && name && { name }),
      },
    },
  );
  if (held.matchedCount === 0)
    throw new AppError(
      'conflict',
      'Another agent is connected for this resource; this one may wait for it to go.',
    );
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
