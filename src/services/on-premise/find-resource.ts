import { z } from 'zod';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import { requireInstanceWriter, requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';

export const resourceIdInput = z.object({ id: z.string() });

/** One on-premise resource; users of a customer see that customer's. Throws `not_found`. */
export async function getOnPremiseResource(
  { store }: Pick<Deps, 'store'>,
  ctx: RequestContext,
  raw: z.input<typeof resourceIdInput>,
): Promise<OnPremiseResource> {
  const { id } = parseInput(resourceIdInput, raw);
  const found = await store.onPremiseResources.findById(id).lean<OnPremiseResource>();
  return requireVisible(ctx, found, 'The on-premise resource');
}

/** The same for those who may change it: writers of the organization, and administrators of its customer. */
export async function findForWriting(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  id: string,
): Promise<OnPremiseResource> {
  const found = await getOnPremiseResource(deps, ctx, { id });
  requireInstanceWriter(ctx, found);
  return found;
}
