import { Router } from 'express';
import { publicUrl } from '../../config/env';
import type { Deps } from '../../services/context';
import { readMedia } from '../../services/media/read-media';

/** The absolute address of a picture, which works without an access token: its id cannot be guessed. */
export function mediaUrl(deps: Pick<Deps, 'env'>, mediaId: string): string {
  return `${publicUrl(deps.env)}/media/${mediaId}`;
}

/** The door for icons, to be mounted at `/media`. */
export function mediaRouter(deps: Deps): Router {
  const router = Router();
  router.get('/:id', async (req, res) => {
    const { contentType, bytes } = await readMedia(deps, req.params.id);
    res.set({
      'Content-Type': contentType,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      // Pages of the organization's own product show them.
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'private, max-age=3600',
    });
    res.end(bytes);
  });
  return router;
}
