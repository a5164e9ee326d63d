import { z } from 'zod';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps, RequestContext } from '../context';
import { findInstance } from '../instances/find-instance';
import { type Page, pageInput, readPage } from '../paging';
import { parseInput } from '../parse-input';

export const listUserConfigsInput = pageInput.extend({
  instanceId: z.string(),
  externalId: z.string().nullish().describe('Of one user.'),
});

/** The users of an instance who have values of their own, by external id. Throws `not_found`. */
export async function listUserConfigs(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listUserConfigsInput>,
): Promise<Page<UserConfig>> {
  const { instanceId, externalId, ...page } = parseInput(listUserConfigsInput, raw);
  await findInstance(deps, ctx, instanceId);
  return readPage({
    model: deps.store.userConfigs,
    filter: { instanceId, ...(externalId ? { externalId } : {}) },
    sort: [{ field: 'externalId', direction: 1, type: 'string' }],
    page,
  });
}
