import { Decoder, Encoder } from '@msgpack/msgpack';

/** What stands before the data of a stored step output, and where the data begins. */
export interface OutputHead {
  contentType: string;
  /** `structure` is everything but text and bytes. */
  kind: 'bytes' | 'text' | 'structure';
  dataOffset: number;
}

/** A map of up to 15 entries. */
const SMALL_MAP = 0x80;

/**
 * Reads the fields of an encoded output up to its data, without the data itself. Undefined when the data is not
 * the last field, or when there is none.
 */
export function readOutputHead(bytes: Buffer): OutputHead | undefined {
  const encoder = new Encoder({ ignoreUndefined: true });
  const count = (bytes[0] ?? 0) - SMALL_MAP;
  if (count < 1 || count > 15) return undefined;
  const parts = new Decoder().decodeMulti(bytes.subarray(1));
  let contentType = '';
  let dataOffset = 1;
  for (let field = 1; field <= count; field += 1) {
    const key = parts.next().value;
    dataOffset += encoder.encode(key).length;
    // The next part is not asked for: it may go on behind these bytes.
    if (key === 'data')
      return field < count ? undefined : { contentType, kind: kindOf(bytes[dataOffset]), dataOffset };
    const value = parts.next().value;
    dataOffset += encoder.encode(value).length;
    if (key === 'contentType') contentType = String(value);
  }
  return undefined;
}

/** By the first byte of a value. Source: the MessagePack specification. */
function kindOf(byte = 0): OutputHead['kind'] {
  if (byte >= 0xc4 && byte <= 0xc6) return 'bytes';
  return (byte >= 0xa0 && byte <= 0xbf) || (byte >= 0xd9 && byte <= 0xdb) ? 'text' : 'structure';
}

/** The beginning of an output that has a content type and data, to be followed by the encoded data. */
export function outputPrefix(contentType: string): Buffer {
  const encoder = new Encoder();
  const parts = ['contentType', contentType, 'data'].map((part) => encoder.encode(part));
  return Buffer.concat([Buffer.from([SMALL_MAP + 2]), ...parts]);
}
