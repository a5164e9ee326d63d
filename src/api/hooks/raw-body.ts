import type { Request } from 'express';
import { AppError } from '../../errors';
import type { IncomingBody } from '../../services/executions/accept/stored-request';
import { INLINE_LIMIT_BYTES } from '../../store/blobs';
import { discardBody } from '../discard-body';

/**
 * A body as the bytes that came. One that is announced as small is read at once; any other only as it is asked
 * for, and until then nothing is taken from the sender. Throws `payload_too_large` as soon as that is known: by
 * the announced length, or when more arrives than is allowed. What nobody asked for is thrown away once the
 * request is answered.
 */
export async function rawBody(req: Request, maxBytes: number): Promise<IncomingBody> {
  const isChunked = req.headers['transfer-encoding'] !== undefined;
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  // Node ends a body where it was announced to end.
  if (!isChunked && announced <= INLINE_LIMIT_BYTES) return announced === 0 ? Buffer.alloc(0) : whole(req);
  req.res?.once('finish', () => discardBody(req));
  return limited(req, maxBytes);
}

function whole(req: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.once('end', () => resolve(Buffer.concat(chunks)));
    req.once('error', reject);
    req.once('close', () => req.complete || reject(brokenOff()));
  });
}

async function* limited(req: Request, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // The connection is kept when reading stops early: the sender is to see the answer.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw req.destroyed && !req.complete ? brokenOff() : error;
  }
}

const brokenOff = () => new AppError('invalid_input', 'The sender broke off.');

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'payload_too_large',
    `The body is larger than ${(maxBytes / 1_048_576).toFixed(1)} MB.`,
  );
}
