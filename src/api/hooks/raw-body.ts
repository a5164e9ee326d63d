import type { IncomingMessage } from 'node:http';
import { AppError } from '../../errors';

/**
 * Reads a body whole, as the bytes that came. Rejects with `payload_too_large` as soon as that is known: by
 * the announced length, or when more has arrived than is allowed. The rest is then thrown away.
 */
export function readRawBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isRefused = false;
    const refuse = () => {
      isRefused = true;
      chunks.length = 0;
      reject(tooLarge(maxBytes));
    };
    if (Number(req.headers['content-length'] ?? 0) > maxBytes) refuse();
    req.on('data', (chunk: Buffer) => {
      if (isRefused) return;
      bytes += chunk.length;
      if (bytes > maxBytes) refuse();
      else chunks.push(chunk);
    });
    req.once('end', () => resolve(Buffer.concat(chunks)));
    req.once('error', reject);
    req.once('close', () => reject(new AppError('invalid_input', 'The sender broke off.')));
  });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'payload_too_large',
    `The body is larger than ${(maxBytes / 1_048_576).toFixed(1)} MB.`,
  );
}
