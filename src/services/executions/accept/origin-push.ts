import { createHmac, timingSafeEqual } from 'node:crypto';
import { decode, encode } from '@msgpack/msgpack';
import type { Env } from '../../../config/env';
import type { FlowAnswer } from './flow-answer';

/** Where an API process is told which of its executions are off the workers' hands. */
export const PUSH_PATH = '/internal/left';
/** Where it is asked who may go along with a batch that has begun. */
export const BOARDING_PATH = '/internal/boarding';
export const SIGNATURE_HEADER = 'x-tenon-signature';

/** One execution that has ended, has its answer, or does nothing for now. */
export interface PushedExecution {
  executionId: string;
  /** The answer for a waiting caller. Left out when large: the record has it. */
  answer?: Omit<FlowAnswer, 'body'> & { body: Uint8Array | null };
  /** Only the answer is there, the execution goes on. */
  goesOn?: boolean;
}

/** What a worker tells at once. */
export interface Pushed {
  executions: PushedExecution[];
  /** How late the worker's event loop comes to what is due, in ms. */
  lagMs: number;
}

/** A worker's question who may go along with a batch of its. */
export interface BoardingCall {
  /** How many more the batch takes. */
  room: number;
  /** How long the worker waits for somebody, ms. */
  forMs: number;
  /** The batch is nearly full, or has been open for long enough: it asks no more. */
  isLast: boolean;
}

/** Who goes along. */
export interface Boarded {
  executionIds: string[];
}

/** What a worker says to an API process, as it goes over the wire: MessagePack, since answers have bytes. */
export function encodeSaid(said: Pushed | BoardingCall): Buffer {
  const bytes = encode(said);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes in it are views on those given. Throws on what {@link encodeSaid} did not make. */
export const decodeSaid = <T extends Pushed | BoardingCall>(bytes: Buffer): T => decode(bytes) as T;

/** Proves that a push comes from a worker of this stack. */
export function signPush(env: Env, body: Buffer): string {
  return createHmac('sha256', env.TENON_JWT_SECRET.reveal()).update('push/').update(body).digest('base64url');
}

/** Whether a push was signed by a worker of this stack. */
export function isSignedPush(env: Env, body: Buffer, signature: string): boolean {
  const [expected, given] = [Buffer.from(signPush(env, body)), Buffer.from(signature)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
