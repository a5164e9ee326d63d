import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { notFound } from '../../errors';
import type { Deps, RequestContext } from '../../services/context';
import type { Pieces } from '../../services/executions/read/read-step-output';
import { requestIdOf } from '../response-headers';
import { FILE_KINDS, type FileKind, readFileToken } from './file-token';
import { sendLargeAnswer } from './large-answer';
import { requestPayloadFile, responsePayloadFile } from './payload-file';
import { stepResultFile } from './step-result-file';

interface FileSource {
  contentType: string;
  fileName: string;
  read: (deps: Deps, ctx: RequestContext, id: string) => Promise<Pieces>;
}

const SOURCES: Record<FileKind, FileSource> = {
  'step-results': {
    contentType: 'application/msgpack',
    fileName: 'step-result.msgpack',
    read: stepResultFile,
  },
  'request-payloads': { contentType: 'application/json', fileName: 'request.json', read: requestPayloadFile },
  'response-payloads': {
    contentType: 'application/json',
    fileName: 'response.json',
    read: responsePayloadFile,
  },
};

/**
 * The door for signed download URLs, to be mounted at `/files`. It asks for no access token: the URL is the
 * credential. What comes from flows is only ever downloaded, never shown by a browser under our origin.
 */
export function filesRouter(deps: Deps): Router {
  const router = Router();
  router.get('/answers/:token', sendLargeAnswer(deps));
  router.get('/:kind/:token', async (req, res) => {
    const kind = FILE_KINDS.find((known) => known === req.params.kind);
    if (!kind) throw notFound('The file');
    const { id, actor } = readFileToken(deps, kind, req.params.token);
    const { contentType, fileName, read } = SOURCES[kind];
    const pieces = await read(deps, { actor, requestId: requestIdOf(res) }, id);
    res.set({
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename="${fileName}"`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    });
    await pipeline(Readable.from(pieces), res);
  });
  return router;
}
