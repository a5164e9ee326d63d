import { issueAccessToken } from '../../../src/services/access-tokens/issue-access-token';
import type { Product } from '../stack/product';

/** Where packages are published: the product's own door, as its first user. */
export async function publisherOf({ services }: Product): Promise<{ apiUrl: string; accessToken: string }> {
  const { deps, env, owner } = services;
  const accessToken = await issueAccessToken(deps, owner);
  return { apiUrl: `http://127.0.0.1:${env.TENON_PORT}`, accessToken };
}
