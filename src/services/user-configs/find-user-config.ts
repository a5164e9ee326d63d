import { notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { UserConfig } from '../../store/models/user-config.model';
import { requireInstanceWriter, requireVisible } from '../authorize';
import type { Deps, RequestContext } from '../context';

/** The config of a user with that id, if the actor may know of it. Throws `not_found`. */
export async function findUserConfig(deps: Deps, ctx: RequestContext, id: string): Promise<UserConfig> {
  const found = await deps.store.userConfigs.findById(id).lean<UserConfig>();
  return requireVisible(ctx, found, 'The user’s configuration');
}

/** The same with its instance, for somebody who may change both. Throws `not_found` and `forbidden`. */
export async function findForWriting(
  deps: Deps,
  ctx: RequestContext,
  id: string,
): Promise<{ config: UserConfig; instance: Instance }> {
  const config = await findUserConfig(deps, ctx, id);
  requireInstanceWriter(ctx, config);
  const instance = await deps.store.instances.findById(config.instanceId).lean<Instance>();
  if (!instance) throw notFound('The instance');
  return { config, instance };
}
