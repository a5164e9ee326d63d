import { jwtVerify } from 'jose';
import { z } from 'zod';
import { AppError } from '../../errors';
import type { User } from '../../store/models/user.model';
import type { Actor, Deps } from '../context';
import { TOKEN_ISSUER, tokenKey } from './issue-access-token';

/** What a token carries; a claim of another type never reaches a query. */
const claimsSchema = z.object({
  sub: z.guid(),
  org: z.guid(),
  customer: z.guid().nullish(),
  role: z.string().optional(),
  gen: z.int(),
  iat: z.number().optional(),
  exp: z.number(),
});
type Claims = z.output<typeof claimsSchema>;

/**
 * The user whom a token names, with the role that the user has now. Throws `unauthenticated` for a token that
 * is missing, malformed, signed otherwise, expired or revoked, and for a deleted user.
 */
export async function verifyAccessToken(deps: Pick<Deps, 'env' | 'store'>, token: string): Promise<Actor> {
  const claims = await verifySignature(deps, token);
  const user = await deps.store.users.findById(claims.sub).lean<User>();
  if (!user || user.organizationId !== claims.org) throw refused('Its user no longer exists.');
  if (user.tokenGeneration !== claims.gen) throw refused('It was revoked.');
  return {
    userId: user._id,
    organizationId: user.organizationId,
    customerId: user.customerId,
    role: user.role,
  };
}

async function verifySignature(deps: Pick<Deps, 'env'>, token: string): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, tokenKey(deps), {
      algorithms: ['HS256'],
      issuer: TOKEN_ISSUER,
      requiredClaims: ['sub', 'exp', 'org', 'gen'],
    });
    return claimsSchema.parse(payload);
  } catch (cause) {
    const isExpired = (cause as { code?: unknown }).code === 'ERR_JWT_EXPIRED';
    throw refused(isExpired ? 'It has expired.' : 'It is not one of this server.', cause);
  }
}

function refused(reason: string, cause?: unknown): AppError {
  return new AppError('unauthenticated', `The access token is not valid. ${reason}`, { cause });
}
