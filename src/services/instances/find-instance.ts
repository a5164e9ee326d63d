import type { Instance } from '../../store/models/instance.model';
import { requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';

/** The instance with that id, if the actor may know of it. Throws `not_found`. */
export async function findInstance(deps: Deps, ctx: RequestContext, id: string): Promise<Instance> {
  return requireVisible(ctx, await deps.store.instances.findById(id).lean<Instance>(), 'The instance');
}
