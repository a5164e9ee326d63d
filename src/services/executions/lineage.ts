import { createHmac } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Env } from '../../config/env';
import type { Execution, InvokedBy, RunUser } from '../../store/models/execution.model';

/** What tells a token of lineage from the other tokens that the same key signs. */
const AUDIENCE = 'tenon:invoked-by';
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
/** A run may call others for as long as its longest sleep. */
const LIFE_SECONDS = 400 * 24 * 60 * 60;

/**
 * A token by which a flow that this execution calls knows who called it: a JWT (RFC 7519, HS256). Made by hand, at
 * once: it is part of each context, and a library's promises cost more than the signature.
 */
export function signLineage(env: Env, execution: Execution): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    aud: AUDIENCE,
    sub: execution._id,
    ini: execution.instanceId,
    ...(execution.user && { usr: execution.user }),
    depth: execution.invokedBy?.depth ?? 0,
    waiting: execution.isSynchronous ? (execution.invokedBy?.waitingDepth ?? 0) + 1 : 0,
    started: (execution.startedAt ?? execution.acceptedAt).toISOString(),
    iat: nowSeconds,
    exp: nowSeconds + LIFE_SECONDS,
  };
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const signature = createHmac('sha256', env.TENON_JWT_SECRET.reveal()).update(signed).digest('base64url');
  return `${signed}.${signature}`;
}

/**
 * Reads the header `prismatic-invoked-by`, JSON of an execution frame with its token. Undefined when it does not
 * verify, or comes from another instance: then nobody is believed to have called.
 */
export async function verifyLineage(
  env: Env,
  header: string,
  instanceId: string,
): Promise<InvokedBy | undefined> {
  try {
    const frame = JSON.parse(header) as Record<string, unknown>;
    const key = new TextEncoder().encode(env.TENON_JWT_SECRET.reveal());
    const { payload } = await jwtVerify(String(frame['invokedByExecutionJWT']), key, {
      audience: AUDIENCE,
      algorithms: ['HS256'],
    });
    if (payload['ini'] !== instanceId) return undefined;
    const textOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, 500) : null);
    return {
      executionId: String(payload.sub),
      startedAt: String(payload['started']),
      depth: Number(payload['depth']) + 1,
      waitingDepth: Number(payload['waiting'] ?? 0),
      stepName: textOf(frame['stepName']),
      loopPath: textOf(frame['loopPath']),
      ...(payload['usr'] !== undefined && { user: payload['usr'] as RunUser }),
    };
  } catch {
    return undefined;
  }
}
