import type { Request } from 'express';
import { AppError } from '../../errors';

/**
 * The pieces of a request's body as they arrive. Throws `payload_too_large` as soon as that is known: by the
 * announced length, or when more arrives than is allowed; `invalid_input` when the sender breaks off.
 */
export async function* piecesOf(req: Request, maxBytes: number): AsyncGenerator<Buffer> {
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  let bytes = 0;
  try {
    // The connection is kept when reading stops early: the sender is to see the answer.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (req.destroyed && !req.complete) throw new AppError('invalid_input', 'The sender broke off.');
    throw error;
  }
}

function tooLarge(maxBytes: number): AppError {
  const limit = (maxBytes / 1_048_576).toFixed(1);
  return new AppError('payload_too_large', `More than ${limit} MB were sent; send less, or raise the limit.`);
}
