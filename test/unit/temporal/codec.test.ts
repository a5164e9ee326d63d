import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { createEncryptingCodec } from '../../../src/temporal/codec/encrypting-codec';
import { decodeJsonPayloads, encodeJsonPayloads } from '../../../src/temporal/codec/payload-json';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const OLD = key('old');
const NEW = key('new');

const payloadOf = (item: unknown): Payload => defaultPayloadConverter.toPayload(item);
const valueOf = (payload: Payload) => defaultPayloadConverter.fromPayload<unknown>(payload);
const textOf = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1');

async function encrypted(item: unknown, keys = OLD): Promise<Payload> {
  return (await createEncryptingCodec(keys).encode([payloadOf(item)]))[0]!;
}
async function decrypted(payload: Payload, keys = OLD): Promise<unknown> {
  return valueOf((await createEncryptingCodec(keys).decode([payload]))[0]!);
}

describe('an encrypted payload', () => {
  it('decrypts to what it was, whatever the value, in order', async () => {
    const codec = createEncryptingCodec(OLD);
    const values = fc.array(fc.oneof(fc.jsonValue(), fc.uint8Array({ minLength: 1 })));
    await fc.assert(
      fc.asyncProperty(values, async (items) => {
        const coded = await codec.encode(items.map(payloadOf));
        expect((await codec.decode(coded)).map(valueOf)).toEqual(
          items.map((item) => valueOf(payloadOf(item))),
        );
      }),
    );
  });

  it('shows neither the value nor its metadata, only that it is encrypted and by which key', async () => {
    const payload = await encrypted({ canary: 'hunter2' });
    expect(textOf(payload.metadata?.['encoding'])).toBe('binary/encrypted');
    expect(textOf(payload.metadata?.['encryption-key-id'])).toBe('old');
    expect(Object.keys(payload.metadata ?? {})).toHaveLength(2);
    expect(textOf(payload.data)).not.toMatch(/hunter2|canary|json\/plain/);
  });

  it('holds a nonce of its own, for many more than are drawn at once', async () => {
    const codec = createEncryptingCodec(OLD);
    const coded = await codec.encode(Array.from({ length: 2000 }, () => payloadOf('same')));
    const nonces = new Set(coded.map(({ data }) => textOf(data?.subarray(16, 28))));
    expect(nonces.size).toBe(2000);
    expect(new Set(coded.map(({ data }) => textOf(data?.subarray(44)))).size).toBe(2000);
  });

  it('is encrypted by a key that each process derives for itself, not by the configured one', async () => {
    const salts = [await encrypted(1), await encrypted(1)].map(({ data }) => textOf(data?.subarray(0, 16)));
    expect(salts[0]).not.toBe(salts[1]);
  });

  it('is refused when any part of it was changed or cut, by an error that names the key and not the value', async () => {
    const payload = await encrypted('hunter2');
    for (const at of [0, 16, 28, 44]) {
      const data = Buffer.from(payload.data!);
      data.writeUInt8(data.readUInt8(at) ^ 1, at);
      await expect(decrypted({ ...payload, data })).rejects.toThrow(
        /^A payload of key 'old' does not decrypt/,
      );
    }
    for (const length of [0, 15, 27, 43, 44]) {
      const cut = decrypted({ ...payload, data: payload.data!.subarray(0, length) });
      await expect(cut).rejects.toThrow("key 'old' does not decrypt");
    }
    await expect(decrypted(payload, key('old'))).rejects.toThrow("key 'old' does not decrypt");
  });
});

describe('what was written without encryption', () => {
  it('is read as it is', async () => {
    expect(await decrypted(payloadOf({ plain: true }))).toEqual({ plain: true });
    expect(await createEncryptingCodec(OLD).decode([{}])).toEqual([{}]);
  });
});

describe('rotating keys', () => {
  it('encrypts with the first, and decrypts what any of them has encrypted', async () => {
    const before = await encrypted('value');
    expect(await decrypted(before, `${NEW},${OLD}`)).toBe('value');
    const after = await encrypted('value', `${NEW},${OLD}`);
    expect(textOf(after.metadata?.['encryption-key-id'])).toBe('new');
    expect(await decrypted(after, NEW)).toBe('value');
  });

  it('names the key that is missing', async () => {
    await expect(decrypted(await encrypted('value'), NEW)).rejects.toThrow(
      "A payload was encrypted with key 'old', which TENON_ENCRYPTION_KEYS does not hold.",
    );
  });

  it('reads what more processes wrote than keys are kept', async () => {
    const reader = createEncryptingCodec(OLD);
    const written = await Promise.all(Array.from({ length: 1200 }, (_, index) => encrypted(index)));
    for (const _round of [1, 2]) {
      expect((await reader.decode(written)).map(valueOf)).toEqual(written.map((_, index) => index));
    }
  });

  it('refuses keys of another form', () => {
    expect(() => createEncryptingCodec('')).toThrow('id:base64-of-32-bytes');
    expect(() => createEncryptingCodec('k1:c2hvcnQ=')).toThrow('id:base64-of-32-bytes');
  });
});

describe('payloads in JSON', () => {
  it('go through both ways as they do in bytes', async () => {
    const codec = createEncryptingCodec(OLD);
    const plain = [
      {
        metadata: { encoding: Buffer.from('json/plain').toString('base64') },
        data: Buffer.from('"x"').toString('base64'),
      },
    ];
    const coded = await encodeJsonPayloads(codec, plain);
    expect(coded).not.toEqual(plain);
    expect(await decodeJsonPayloads(codec, JSON.parse(JSON.stringify(coded)))).toEqual(plain);
  });

  it('may lack data, as that of `undefined` does', async () => {
    const codec = createEncryptingCodec(OLD);
    const nothing = [{ metadata: { encoding: Buffer.from('binary/null').toString('base64') } }];
    expect(await decodeJsonPayloads(codec, await encodeJsonPayloads(codec, nothing))).toEqual(nothing);
  });
});
