import { jwtVerify, SignJWT } from 'jose';
import { AppError } from '../../errors';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import { tokenKey } from '../access-tokens/issue-access-token';
import type { Deps } from '../context';

/** What tells an agent's token from the other tokens that the same key signs. */
const AUDIENCE = 'tenon:on-premise-agent';

/** Signs the token of a resource (JWT, HS256). It holds until the resource is deleted or its token is rotated. */
export function issueAgentToken(
  deps: Pick<Deps, 'env'>,
  { _id, tokenGeneration }: OnPremiseResource,
): Promise<string> {
  return new SignJWT({ gen: tokenGeneration })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience(AUDIENCE)
    .setSubject(_id)
    .setIssuedAt()
    .sign(tokenKey(deps));
}

/** The resource and generation that a token names. Throws `unauthenticated`. */
export async function verifyAgentToken(
  deps: Pick<Deps, 'env'>,
  token: string,
): Promise<{ resourceId: string; generation: number }> {
  try {
    const { payload } = await jwtVerify(token, tokenKey(deps), { audience: AUDIENCE, algorithms: ['HS256'] });
    return { resourceId: String(payload.sub), generation: Number(payload['gen']) };
  } catch (cause) {
    throw new AppError('unauthenticated', 'The agent’s token is missing or not one of this server.', {
      cause,
    });
  }
}
