import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const SANE_REQUEST_ID = /^[\w.-]{1,64}$/;

/**
 * Gives each request an id: the caller's `X-Request-Id` if it is a plain word, else a new one. Answers and
 * log lines carry it; handlers read it with {@link requestIdOf}.
 */
export function assignRequestId(): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id') ?? '';
    const requestId = SANE_REQUEST_ID.test(given) ? given : randomUUID();
    res.locals['requestId'] = requestId;
    res.set('X-Request-Id', requestId);
    next();
  };
}

/** The id that {@link assignRequestId} gave the request of this answer. */
export function requestIdOf(res: Response): string {
  return String(res.locals['requestId'] ?? '');
}

/** Headers that forbid a browser to guess types, frame, cache or run anything that the API answers with. */
export function securityHeaders(): RequestHandler {
  return (_req, res, next) => {
    res.set({
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Content-Security-Policy':
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'Cache-Control': 'no-store',
    });
    next();
  };
}
