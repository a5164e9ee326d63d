import { readEnv } from '../config/env';
import { issueAccessToken } from '../services/access-tokens/issue-access-token';
import { bootstrapOrganization } from '../services/organizations/bootstrap-organization';
import { openStore } from '../store/store';

/** Who is let in first. */
export interface FirstOwner {
  organizationName: string;
  ownerEmail: string;
  ownerName: string;
}

/**
 * Makes the organization and its owner, if they are not there, and issues an access token for the owner. The
 * only thing that does not go through the API, which cannot let in anybody yet.
 */
export async function bootstrapOwner(
  appEnv: NodeJS.ProcessEnv,
  owner: FirstOwner,
): Promise<{ accessToken: string }> {
  const env = readEnv(appEnv);
  const store = await openStore(env.TENON_MONGODB_URI.reveal(), { poolSize: 2 });
  try {
    const { owner: user } = await bootstrapOrganization({ store }, owner);
    return { accessToken: await issueAccessToken({ env }, user) };
  } finally {
    await store.close();
  }
}
