import { request } from 'node:http';
import { Readable } from 'node:stream';

export interface Sent {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
  /** Bytes of the body that were handed to the connection before the answer came. */
  sentBytes: number;
}

interface Body {
  bytes: number;
  /** Given again and again until there are enough bytes. */
  piece: Buffer;
  headers?: Record<string, string>;
  /** False to send it in chunks, with no length announced. */
  isAnnounced?: boolean;
}

/** POSTs a large body piece by piece, as fast as the receiver takes it; stops when the answer comes. */
export function sendBody(
  url: string,
  { bytes, piece, headers = {}, isAnnounced = true }: Body,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    let isAnswered = false;
    const length = isAnnounced ? { 'content-length': String(bytes) } : {};
    const req = request(url, { method: 'POST', agent: false, headers: { ...length, ...headers } }, (res) => {
      isAnswered = true;
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => {
        resolve({
          status: res.statusCode ?? 0,
          text: Buffer.concat(parts).toString(),
          headers: res.headers,
          sentBytes,
        });
        if (sentBytes < bytes) req.destroy();
      });
    });
    req.on('error', (error) => !isAnswered && reject(error));
    const parts = function* () {
      while (!isAnswered && sentBytes < bytes) {
        const part = piece.subarray(0, Math.min(piece.length, bytes - sentBytes));
        sentBytes += part.length;
        yield part;
      }
    };
    Readable.from(parts(), { objectMode: false }).pipe(req);
  });
}
