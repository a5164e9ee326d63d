import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors';
import type { Deps } from '../../services/context';
import { createEncryptingCodec, PayloadKeyError } from '../../temporal/codec/encrypting-codec';
import { decodeJsonPayloads, encodeJsonPayloads, type JsonPayload } from '../../temporal/codec/payload-json';
import { parseRequest } from '../rest/parse-request';
import { allowWebUi } from './allow-web-ui';
import { requireCodecUser } from './codec-user';
import { loginRouter } from './login';

/** Temporal refuses larger messages, and base64 makes them longer by a third. */
const LIMIT = '6mb';

const body = z.object({
  // The command line leaves an empty list out.
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), z.base64()).optional(), data: z.base64().optional() }))
    .default([]),
});

/**
 * The codec server of Temporal's protocol, to be mounted at `/codec`: shows the Web UI and the `temporal`
 * command line what is in payloads, and encrypts what is sent by them. For owners and admins only.
 */
export function codecRouter(deps: Deps): Router {
  const codec = createEncryptingCodec(deps.env.TENON_ENCRYPTION_KEYS.reveal());
  const router = Router();
  router.use('/login', loginRouter(deps));
  const door = (path: string, code: (payloads: JsonPayload[]) => Promise<JsonPayload[]>) => {
    router.options(path, allowWebUi(deps), (_req, res) => res.status(204).end());
    const json = express.json({ limit: LIMIT });
    router.post(path, allowWebUi(deps), requireCodecUser(deps), json, answer(code));
  };
  door('/encode', (payloads) => encodeJsonPayloads(codec, payloads));
  door('/decode', (payloads) => decodeJsonPayloads(codec, payloads));
  return router;
}

function answer(code: (payloads: JsonPayload[]) => Promise<JsonPayload[]>): RequestHandler {
  return async (req, res) => {
    const { payloads } = parseRequest({ body }, { params: {}, query: {}, body: req.body }).body;
    try {
      res.json({ payloads: await code(payloads) });
    } catch (error) {
      if (error instanceof PayloadKeyError)
        throw new AppError('invalid_input', error.message, { cause: error });
      throw error;
    }
  };
}
