/** Cuts content that comes in pieces of any size into chunks of `size` bytes, the last one shorter. */
export async function* inChunks(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - bytes);
      parts.push(part);
      bytes += part.length;
      at += part.length;
      if (bytes < size) continue;
      yield whole(parts);
      parts = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield whole(parts);
}

function whole(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first ? first : Buffer.concat(parts);
}
