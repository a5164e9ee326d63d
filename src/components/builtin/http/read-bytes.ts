import type { Readable } from 'node:stream';
import { MOST_RESULT_MB } from '../../runner/sendable';

/** Code of the error for an answer that is too large; the next one would be, too. */
export const TOO_LARGE = 'ERR_ANSWER_TOO_LARGE';

const MOST_BYTES = MOST_RESULT_MB * 1024 * 1024;

/**
 * Reads a stream to its end, at most what a result may hold: a small answer can expand to gigabytes. Throws the stream's
 * error, and one with code {@link TOO_LARGE} as soon as there is more; the stream is destroyed then.
 */
export function readBytes(stream: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MOST_BYTES) stream.destroy(tooLarge());
      else chunks.push(chunk);
    });
    stream.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    stream.on('error', reject);
  });
}

function tooLarge(): Error {
  const message = `the answer is larger than ${MOST_RESULT_MB} MB, counted as it is when it is expanded`;
  return Object.assign(new Error(message), { code: TOO_LARGE });
}
