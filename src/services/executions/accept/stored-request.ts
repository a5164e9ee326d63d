import { INLINE_LIMIT_BYTES } from '../../../store/blobs';
import type { StoredRequest } from '../../../store/models/stored-exchange';
import type { Deps } from '../../context';

/** A body that is there, or one that arrives piece by piece: each piece is asked for when there is room. */
export type IncomingBody = Buffer | AsyncIterable<Buffer>;

/** A request as it arrived at a flow's address. */
export type IncomingRequest = Omit<StoredRequest, 'body' | 'bodyBlobId' | 'bodyBytes'> & {
  body: IncomingBody;
};

/**
 * The request in the form that its execution keeps. A body over 64 KB goes to the blob store as it arrives and is
 * never whole in memory. Waits for the sender: nothing that others want may be held meanwhile.
 */
export async function storedRequest(
  deps: Pick<Deps, 'store'>,
  { body: incoming, ...rest }: IncomingRequest,
  owner: { instanceId: string; executionId?: string },
): Promise<StoredRequest> {
  const body = await readAhead(incoming);
  if (isSmall(body)) return { ...rest, body, bodyBlobId: null, bodyBytes: body.length };
  const { id, bytes } = await deps.store.blobs.putPieces(Buffer.isBuffer(body) ? [body] : body, owner);
  return { ...rest, body: null, bodyBlobId: id, bodyBytes: bytes };
}

/** Whether the body stays in its execution's record. */
export function isSmall(body: IncomingBody): body is Buffer {
  return Buffer.isBuffer(body) && body.length <= INLINE_LIMIT_BYTES;
}

/** Reads a body as far as it may stay in memory: one up to 64 KB comes back whole, a larger one as its pieces. */
export async function readAhead(body: IncomingBody): Promise<IncomingBody> {
  if (Buffer.isBuffer(body)) return body;
  const rest = body[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let bytes = 0;
  while (bytes <= INLINE_LIMIT_BYTES) {
    const { done, value } = await rest.next();
    if (done) return Buffer.concat(head);
    head.push(value);
    bytes += value.length;
  }
  return joined(head, rest);
}

async function* joined(head: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head.splice(0);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
