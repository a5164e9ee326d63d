import type { z } from 'zod';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { Deps, RequestContext } from '../context';
import { findForWriting, type resourceIdInput } from './find-resource';

/**
 * Deletes a resource: its agent is cut off within some seconds, runs that would use it fail and say so. Throws
 * `not_found`.
 */
export async function deleteOnPremiseResource(
  deps: Deps,
  ctx: RequestContext,
  { id }: z.input<typeof resourceIdInput>,
): Promise<OnPremiseResource> {
  const resource = await findForWriting(deps, ctx, id);
  await deps.store.onPremiseResources.deleteOne({ _id: resource._id });
  return resource;
}
