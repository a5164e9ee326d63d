import { encode } from '@msgpack/msgpack';
import messagepack from '../../../../src/components/builtin/messagepack';
import { callAction } from './call-component';

const call = callAction(messagepack);

it('reads what it has written: bytes, dates and nested values', async () => {
  const data = { data: [{ a: 'ü', n: 1.5, d: new Date(0), file: Buffer.from([0, 255]) }], contentType: null };
  const message = await call('encodeMessage', { data });
  expect(message['contentType']).toBe('application/msgpack');
  const decoded = await call('decodeMessage', { message });
  expect(decoded).toEqual({ data });
  const { file } = (decoded['data'] as typeof data).data[0]!;
  expect(Buffer.isBuffer(file)).toBe(true);
});

it('takes bytes, files and base64 text', async () => {
  const bytes = Buffer.from(encode({ a: 1 }));
  for (const message of [
    bytes,
    { data: bytes, contentType: 'application/octet-stream' },
    bytes.toString('base64'),
  ])
    expect(await call('decodeMessage', { message })).toEqual({ data: { a: 1 } });
});

it.each([
  [{ a: 1 }, 'Message must be bytes, a file or base64 text.'],
  ['', 'Message must be bytes, a file or base64 text.'],
  [Buffer.from([0x93, 1]), /^Message is no MessagePack: /],
  [Buffer.alloc(2000, 0x91), /^Message is no MessagePack: /],
])('refuses %#', async (message, expected) => {
  await expect(call('decodeMessage', { message })).rejects.toThrow(expected);
});
