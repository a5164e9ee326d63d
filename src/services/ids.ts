import { createHash, randomBytes } from 'node:crypto';

/** The name-based UUID (RFC 9562, version 5) of `name` within `namespace`, itself a UUID. */
export function uuidv5(namespace: string, name: string): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (space.length !== 16) throw new Error(`'${namespace}' is not a UUID.`);
  const hash = createHash('sha1').update(space).update(name, 'utf8').digest().subarray(0, 16);
  return format(hash, 5);
}

// The last time and counter handed out: ids of one process rise also within a millisecond.
let lastMs = 0;
let counter = 0;

/** A time-ordered UUID (RFC 9562, version 7); ids of one process sort in the order of their making. */
export function uuidv7(): string {
  const bytes = randomBytes(16);
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // Starts in the lower half, so that the counter has room within its millisecond.
    counter = bytes.readUInt16BE(6) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(counter, 6);
  return format(bytes, 7);
}

/** The id of a flow: stays the same over versions and renames. */
export function flowIdOf(integrationId: string, stableKey: string): string {
  return uuidv5(integrationId, `flow:${stableKey}`);
}

/** The id of an instance's flow: part of its webhook URL, so that new versions keep the URL. */
export function flowConfigIdOf(instanceId: string, stableKey: string): string {
  return uuidv5(instanceId, `flow-config:${stableKey}`);
}

function format(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
