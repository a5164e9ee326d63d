import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createPayloadKeys, type PayloadKeys, SALT_BYTES } from './payload-keys';

/** The value of `encoding` that marks a payload of this codec, as Temporal's own samples name it. */
const ENCRYPTED = 'binary/encrypted';
const ENCODING = Buffer.from(ENCRYPTED);
/** Metadata that names the configured key. */
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_AT = SALT_BYTES;
const TAG_AT = NONCE_AT + NONCE_BYTES;
const BODY_AT = TAG_AT + TAG_BYTES;

const wire = temporal.api.common.v1.Payload;

/**
 * Encrypts every payload on its way to Temporal, metadata included, as salt, nonce, tag and ciphertext.
 * Payloads that were written without it are read as they are.
 */
export function createEncryptingCodec(configuredKeys: string): PayloadCodec {
  const keys = createPayloadKeys(configuredKeys);
  const nonces = nonceSource();
  return {
    // No await inside: a turn of the event loop would cost more than the cipher.
    encode: async (payloads) => payloads.map((payload) => encrypt(keys, nonces, payload)),
    decode: async (payloads) => payloads.map((payload) => decrypt(keys, payload)),
  };
}

function encrypt(keys: PayloadKeys, nextNonce: () => Buffer, payload: Payload): Payload {
  const { id, salt, key } = keys.current();
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, key, nonce);
  const body = cipher.update(wire.encode(payload).finish());
  // Of a counter mode the end is empty; it has to be asked for before the tag.
  cipher.final();
  return {
    metadata: { encoding: ENCODING, [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([salt, nonce, cipher.getAuthTag(), body]),
  };
}

/** Throws for a key that is not configured, and for what was changed or cut; both name the key. */
function decrypt(keys: PayloadKeys, payload: Payload): Payload {
  const { metadata } = payload;
  if (!metadata || textOf(metadata['encoding']) !== ENCRYPTED) return payload;
  const id = textOf(metadata[KEY_ID]);
  const data = bufferOf(payload.data);
  const key = keys.find(id, data.subarray(0, NONCE_AT));
  if (key === undefined)
    throw new PayloadKeyError(
      `A payload was encrypted with key '${id}', which TENON_ENCRYPTION_KEYS does not hold.`,
    );
  try {
    const decipher = createDecipheriv(CIPHER, key, data.subarray(NONCE_AT, TAG_AT), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(data.subarray(TAG_AT, BODY_AT));
    const plain = decipher.update(data.subarray(BODY_AT));
    decipher.final();
    return wire.decode(plain);
  } catch (cause) {
    throw new PayloadKeyError(
      `A payload of key '${id}' does not decrypt: it was changed, or another key bears this name.`,
      { cause },
    );
  }
}

/** A payload that cannot be decrypted; its message names the key, and nothing of what is in it. */
export class PayloadKeyError extends Error {
  override readonly name = 'PayloadKeyError';
}

/** Random nonces, drawn many at a time: asking the generator costs as much as encrypting a small payload. */
function nonceSource(): () => Buffer {
  const drawn = Buffer.alloc(NONCE_BYTES * 256);
  let at = drawn.length;
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn);
      at = 0;
    }
    at += NONCE_BYTES;
    return drawn.subarray(at - NONCE_BYTES, at);
  };
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes ? bufferOf(bytes).toString() : '';
}

function bufferOf(bytes: Uint8Array | null | undefined): Buffer {
  if (!bytes) return Buffer.alloc(0);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
