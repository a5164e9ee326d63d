import type { Payload, PayloadCodec } from '@temporalio/common';

/** A payload in the JSON form of Protobuf, in which bytes are base64 text. */
export interface JsonPayload {
  metadata?: Record<string, string> | undefined;
  data?: string | undefined;
}

/** Encrypts payloads in their JSON form. */
export async function encodeJsonPayloads(codec: PayloadCodec, given: JsonPayload[]): Promise<JsonPayload[]> {
  return (await codec.encode(given.map(fromJson))).map(toJson);
}

/** Decrypts payloads in their JSON form; throws what the codec throws. */
export async function decodeJsonPayloads(codec: PayloadCodec, given: JsonPayload[]): Promise<JsonPayload[]> {
  return (await codec.decode(given.map(fromJson))).map(toJson);
}

function fromJson({ metadata = {}, data }: JsonPayload): Payload {
  const entries = Object.entries(metadata).map(([key, text]) => [key, Buffer.from(text, 'base64')]);
  return {
    metadata: Object.fromEntries(entries) as Record<string, Buffer>,
    ...(data !== undefined && { data: Buffer.from(data, 'base64') }),
  };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const entries = Object.entries(metadata ?? {}).map(([key, bytes]) => [key, textOf(bytes)]);
  return {
    metadata: Object.fromEntries(entries) as Record<string, string>,
    ...(data && data.length > 0 && { data: textOf(data) }),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
