import { z } from 'zod';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { findForWriting } from './find-user-config';
import { tearDownUser } from './user-flows';

export const deleteUserConfigInput = z.object({
  id: z.string(),
  force: z.boolean().nullish().describe('Also when a flow could not clear away what it set up elsewhere.'),
});

/**
 * Forgets a user: values, former values, tokens and consents. Flows for that moment run before, and when one fails
 * (`component_failed`) nothing is removed, unless it is forced. Runs of the user that are under way fail when they go
 * on. Throws `not_found` and `forbidden`.
 */
export async function deleteUserConfig(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteUserConfigInput>,
): Promise<UserConfig> {
  const { id, force } = parseInput(deleteUserConfigInput, raw);
  const { config } = await findForWriting(deps, ctx, id);
  if (force !== true) await tearDownUser(deps, config);
  const { userConfigs, formerUserValues, connections, consents } = deps.store;
  const of = { instanceId: config.instanceId, userConfigId: id };
  await inTransaction(deps, async (session) => {
    await userConfigs.deleteOne({ _id: id }, { session });
    await formerUserValues.deleteMany({ userConfigId: id }, { session });
    await consents.deleteMany(of, { session });
    await connections.deleteMany(of, { session });
  });
  return config;
}
