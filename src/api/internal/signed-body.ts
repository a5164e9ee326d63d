import express, { type Request, type RequestHandler } from 'express';
import type { Env } from '../../config/env';
import { AppError } from '../../errors';
import {
  type BoardingCall,
  decodeSaid,
  isSignedPush,
  type Pushed,
  SIGNATURE_HEADER,
} from '../../services/executions/accept/origin-push';

/** Room for the answers of one push. */
const LIMIT = '16mb';

/** Reads the body of a call that only workers of this stack may make: `unauthenticated` for all others. */
export function signedBody(env: Env): RequestHandler[] {
  return [
    express.raw({ limit: LIMIT, type: () => true }),
    (req, _res, next) => {
      const body: unknown = req.body;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      if (!isSignedPush(env, bytes, req.get(SIGNATURE_HEADER) ?? ''))
        throw new AppError('unauthenticated', 'Only workers of this stack may say this.');
      next();
    },
  ];
}

/** What the worker said; of a call that {@link signedBody} has let through. */
export const saidIn = <T extends Pushed | BoardingCall>(req: Request): T => decodeSaid<T>(req.body as Buffer);
