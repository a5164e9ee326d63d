import { zipSync } from 'fflate';
import zip from '../../../../src/components/builtin/zip';
import { callAction } from './call-component';

const call = callAction(zip);

it('packs files and unpacks them again, byte for byte', async () => {
  const png = Buffer.from([0x89, 0x50, 0, 255]);
  const files = { 'a.txt': 'hällo', 'img/b.png': { data: png, contentType: 'image/png' }, 'c.bin': png };
  const packed = await call('zip', { files });
  expect(packed['contentType']).toBe('application/zip');
  expect(Buffer.isBuffer(packed['data'])).toBe(true);
  const expected = {
    'a.txt': { data: Buffer.from('hällo'), contentType: 'text/plain' },
    'img/b.png': { data: png, contentType: 'image/png' },
    'c.bin': { data: png, contentType: 'application/octet-stream' },
  };
  const bytes = packed['data'] as Buffer;
  for (const zipFileData of [bytes, packed, bytes.toString('base64')])
    expect(await call('unzip', { zipFileData })).toEqual({ data: expected });
});

it('leaves out folders, and gives an empty archive as no files', async () => {
  const archive = Buffer.from(zipSync({ folder: { 'x.txt': Buffer.from('1') }, 'empty/': new Uint8Array() }));
  const { data } = await call('unzip', { zipFileData: archive });
  expect(Object.keys(data as object)).toEqual(['folder/x.txt']);
  expect(await call('unzip', { zipFileData: Buffer.from(zipSync({})) })).toEqual({ data: {} });
});

it('does not unpack what expands beyond its limits, and says so within a second', async () => {
  const zeros = new Uint8Array(90 * 1024 * 1024);
  const bomb = Buffer.from(zipSync({ a: zeros, b: zeros, c: zeros }, { level: 1 }));
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`f${at}`, new Uint8Array()]));
  const startedAt = performance.now();
  await expect(call('unzip', { zipFileData: bomb })).rejects.toThrow(
    'Zip File Data expands to more than 256 MB.',
  );
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await expect(call('unzip', { zipFileData: Buffer.from(zipSync(many)) })).rejects.toThrow(
    /more than 10000 files/,
  );
}, 30_000);

it.each([
  ['unzip', 'zipFileData', Buffer.from('no archive'), 'Zip File Data is no such archive'],
  ['unzip', 'zipFileData', Buffer.from('PK\u0003\u0004 cut'), 'Zip File Data cannot be unpacked'],
  ['unzip', 'zipFileData', '', 'Zip File Data must be a file, bytes or text, got nothing.'],
  ['decompressGzip', 'gzipFileData', Buffer.from('no archive'), 'Gzip File Data is no such archive'],
  ['decompressGzip', 'gzipFileData', Buffer.from([0x1f, 0x8b, 8, 0]), 'Gzip File Data cannot be expanded'],
  ['zip', 'files', 'text', 'Files must be an object of paths and contents.'],
  ['zip', 'files', { a: 5 }, 'File "a" must be a file, bytes or text'],
])('%s refuses what it cannot use: %#', async (key, input, value, message) => {
  await expect(call(key, { [input]: value })).rejects.toThrow(message);
});

it('compresses and expands with gzip', async () => {
  const packed = await call('compressGzip', { fileData: 'text '.repeat(1000) });
  expect(packed).toMatchObject({ contentType: 'application/gzip' });
  expect((packed['data'] as Buffer).length).toBeLessThan(200);
  const { data } = await call('decompressGzip', { gzipFileData: packed });
  expect((data as Buffer).toString()).toBe('text '.repeat(1000));
});
