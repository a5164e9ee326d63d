import { action, component, input } from '@prismatic-io/spectral';
import { isBinary } from '../clean-input';
import { lazy } from '../lazy';

const library = lazy<typeof import('@msgpack/msgpack')>('@msgpack/msgpack');
const CONTENT_TYPE = 'application/msgpack';
const MAX_DEPTH = 1000;

const decodeMessage = action({
  display: { label: 'Decode', description: 'Reads a MessagePack message, such as a stored step result.' },
  inputs: {
    message: input({
      label: 'Message',
      type: 'data',
      required: true,
      comments: 'The bytes, a file, or base64 text.',
      clean: cleanBytes,
    }),
  },
  perform: async (_context, { message }) => {
    try {
      return { data: withBuffers(new (library().Decoder)().decode(message)) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Message is no MessagePack: ${reason}.`);
    }
  },
});

const encodeMessage = action({
  display: { label: 'Encode', description: 'Writes a value as a MessagePack message.' },
  inputs: {
    data: input({
      label: 'Data',
      type: 'data',
      required: true,
      comments: 'Any value; files keep their bytes.',
    }),
  },
  perform: async (_context, { data }) => {
    const bytes = new (library().Encoder)({ ignoreUndefined: true, maxDepth: MAX_DEPTH }).encode(data);
    return { data: Buffer.from(bytes), contentType: CONTENT_TYPE };
  },
});

function cleanBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (isBinary(value)) return value.data;
  const isBase64 = typeof value === 'string' && /^[A-Za-z0-9+/_-]+={0,2}$/.test(value.replace(/\s/g, ''));
  if (isBase64) return Buffer.from(value, 'base64');
  throw new Error('Message must be bytes, a file or base64 text.');
}

/** Bytes inside the value as Buffers, as everywhere in a flow. */
function withBuffers(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new Error('it is nested too deeply');
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map((item) => withBuffers(item, depth + 1));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withBuffers(item, depth + 1)]));
}

export default component({
  key: 'messagepack',
  display: {
    label: 'MessagePack',
    description: 'Reads and writes MessagePack, a compact form of data that keeps bytes.',
    category: 'Data Platforms',
    iconPath: '',
  },
  actions: { decodeMessage, encodeMessage },
});
