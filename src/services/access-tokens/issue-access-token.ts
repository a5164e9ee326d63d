import { SignJWT } from 'jose';
import type { User } from '../../store/models/user.model';
import type { Deps } from '../context';

/** Who issues the tokens; a token of another issuer is refused. */
export const TOKEN_ISSUER = 'tenon';

/** The key that signs tokens, as bytes. */
export function tokenKey(deps: Pick<Deps, 'env'>): Uint8Array {
  return new TextEncoder().encode(deps.env.TENON_JWT_SECRET.reveal());
}

/**
 * Signs an access token (JWT, HS256) for a user, valid for `seconds`, or as long as the environment says.
 * It carries the user's token generation, so that raising that revokes every token at once.
 */
export function issueAccessToken(deps: Pick<Deps, 'env'>, user: User, seconds?: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    org: user.organizationId,
    customer: user.customerId,
    role: user.role,
    gen: user.tokenGeneration,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(TOKEN_ISSUER)
    .setSubject(user._id)
    .setIssuedAt(now)
    .setExpirationTime(now + (seconds ?? deps.env.TENON_ACCESS_TOKEN_SECONDS))
    .sign(tokenKey(deps));
}
