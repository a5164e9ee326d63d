import { type Request, type Response, Router } from 'express';
import type { Logger } from '../../config/logger';
import { AppError } from '../../errors';
import { receivePackage } from '../../services/components/receive-package';
import { receiveSource } from '../../services/components/receive-source';
import type { Deps } from '../../services/context';
import { LARGEST_IMAGE_BYTES, storeMedia } from '../../services/media/store-media';
import { piecesOf } from './pieces-of';
import { readUploadToken, type UploadTarget } from './upload-token';

/**
 * The door for what publishers send besides GraphQL, to be mounted at `/uploads`. It asks for no access token: the
 * address is the credential, for one thing and a quarter of an hour. The body is the bytes, whatever its type.
 */
export function uploadsRouter(deps: Deps, logger?: Logger): Router {
  const router = Router();
  router.put('/:token', async (req, res) => {
    const target = readUploadToken(deps, req.params.token);
    if (target.kind === 'package') await takePackage(deps, logger, target, req, res);
    else if (target.kind === 'source') await takeSource(deps, target, req, res);
    else await takeImage(deps, target, req, res);
  });
  return router;
}

/** The answer waits for the checks: whoever reads it knows whether the version can be used. */
async function takePackage(
  deps: Deps,
  logger: Logger | undefined,
  { versionId }: Extract<UploadTarget, { kind: 'package' }>,
  req: Request,
  res: Response,
): Promise<void> {
  const pieces = piecesOf(req, deps.env.TENON_PACKAGE_MAX_BYTES);
  const version = await receivePackage(deps, versionId, pieces);
  const { key, versionNumber, status, statusReason, signature } = version;
  if (status === 'refused') {
    // Publishers' command lines ignore what is answered: the log is where an operator finds it.
    logger?.warn({ component: key, version: versionNumber, reason: statusReason }, 'a package was refused');
    throw new AppError('invalid_input', `Version ${versionNumber} of "${key}" was refused: ${statusReason}`);
  }
  // The store watch may have answered meanwhile.
  if (!res.headersSent) res.json({ key, versionNumber, status, signature });
}

async function takeSource(
  deps: Deps,
  { versionId }: Extract<UploadTarget, { kind: 'source' }>,
  req: Request,
  res: Response,
): Promise<void> {
  await receiveSource(deps, versionId, piecesOf(req, deps.env.TENON_PACKAGE_MAX_BYTES));
  res.status(204).end();
}

async function takeImage(
  deps: Deps,
  target: Extract<UploadTarget, { kind: 'image' }>,
  req: Request,
  res: Response,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(req, LARGEST_IMAGE_BYTES)) pieces.push(piece);
  const { mediaId: _id, organizationId, versionId: componentVersionId, purpose } = target;
  await storeMedia(deps, { _id, organizationId, componentVersionId, purpose }, Buffer.concat(pieces));
  res.status(204).end();
}
