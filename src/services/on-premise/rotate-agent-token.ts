import type { z } from 'zod';
import { notFound } from '../../errors';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { Deps, RequestContext } from '../context';
import { issueAgentToken } from './agent-token';
import type { AgentToken } from './create-agent-token';
import { findForWriting, type resourceIdInput } from './find-resource';

/**
 * A new token for a resource. Former ones are refused from now on, and an agent that is connected with one is cut off
 * within some seconds. Throws `not_found`.
 */
export async function rotateAgentToken(
  deps: Deps,
  ctx: RequestContext,
  { id }: z.input<typeof resourceIdInput>,
): Promise<AgentToken> {
  const { _id } = await findForWriting(deps, ctx, id);
  const resource = await deps.store.onPremiseResources
    .findByIdAndUpdate(
      _id,
      { $inc: { tokenGeneration: 1 }, $set: { holder: null, updatedAt: new Date() } },
      { returnDocument: 'after' },
    )
    .lean<OnPremiseResource>();
  if (!resource) throw notFound('The on-premise resource');
  return { resource, jwt: await issueAgentToken(deps, resource) };
}
