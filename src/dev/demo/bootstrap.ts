import { readEnv } from '../../config/env';
import { issueAccessToken } from '../../services/access-tokens/issue-access-token';
import type { Deps } from '../../services/context';
import { bootstrapOrganization } from '../../services/organizations/bootstrap-organization';
import { openStore } from '../../store/store';

/** The organization of the demonstration. */
const OWNER = { organizationName: 'Acme', ownerEmail: 'owner@acme.example', ownerName: 'Olivia Owner' };

/**
 * Makes the organization and its owner, if they are not there, and issues an access token for the owner. The
 * only thing that does not go through the API, which cannot let in anybody yet.
 */
export async function bootstrapOwner(appEnv: NodeJS.ProcessEnv): Promise<{ accessToken: string }> {
  const env = readEnv(appEnv);
  const store = await openStore(env.TENON_MONGODB_URI.reveal(), { poolSize: 2 });
  try {
    // It needs the store alone; nothing runs on Temporal for it.
    const { owner } = await bootstrapOrganization({ store, env } as Deps, OWNER);
    return { accessToken: await issueAccessToken({ env }, owner) };
  } finally {
    await store.close();
  }
}
