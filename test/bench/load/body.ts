import { randomBytes } from 'node:crypto';
import type { BodyKind } from './order';

const LARGE_BYTES = 5 * 1024 * 1024;
const ITEMS = 1000;

/** About 1 KB as JSON. */
export const smallBody = (number: number) => ({ number, text: 'x'.repeat(1000) });
export const itemsBody = () => ({ items: Array.from({ length: ITEMS }, (_, index) => index) });

let bytes: Buffer | undefined;

/** Random, so that nothing compresses it, and another one for each number, so that none is stored before. */
export function largeBody(number: number): Buffer {
  bytes ??= randomBytes(LARGE_BYTES);
  const body = Buffer.from(bytes);
  body.writeDoubleBE(performance.timeOrigin + number, 8);
  return body;
}

/** A body as it goes over HTTP. */
export function httpBody(kind: BodyKind, number: number): { body: Buffer | string; contentType: string } {
  if (kind === 'large') return { body: largeBody(number), contentType: 'application/octet-stream' };
  const value = kind === 'small' ? smallBody(number) : itemsBody();
  return { body: JSON.stringify(value), contentType: 'application/json' };
}
