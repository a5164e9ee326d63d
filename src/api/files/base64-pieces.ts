import type { Pieces } from '../../services/executions/read/read-step-output';

/** Base64 of content that comes in pieces: bytes that make no whole group of three wait for the next piece. */
export async function* base64Pieces(pieces: Pieces): AsyncGenerator<Buffer> {
  let left: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = left.length === 0 ? piece : Buffer.concat([left, piece]);
    const whole = bytes.length - (bytes.length % 3);
    left = bytes.subarray(whole);
    yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1');
  }
  yield Buffer.from(left.toString('base64'), 'latin1');
}
