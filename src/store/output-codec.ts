import { Decoder, Encoder } from '@msgpack/msgpack';

/** What a step leaves behind, as stored: the shape that result files have on the wire. */
export interface StepOutput {
  data?: unknown;
  contentType?: string;
  /** Rest of the component's result that later parts need: HTTP answer fields. */
  statusCode?: number;
  headers?: Record<string, string>;
}

// Reused: each keeps a buffer of its own. `ignoreUndefined` leaves such keys out, as JSON does.
const encoder = new Encoder({ ignoreUndefined: true, maxDepth: 1000 });
const decoder = new Decoder();

/** MessagePack bytes; Buffers and dates stay what they are. */
export function encodeOutput(output: StepOutput): Buffer {
  return Buffer.from(encoder.encode(output));
}

/** The state objects that an execution carries from step to step. */
export interface States {
  executionState?: Record<string, unknown>;
}

export function encodeStates(states: States): Buffer {
  return Buffer.from(encoder.encode(states));
}

export function decodeStates(bytes: Uint8Array): States {
  return reviveBuffers(decoder.decode(bytes)) as States;
}

/** The inverse of {@link encodeOutput}; binary values come back as Buffers. */
export function decodeOutput(bytes: Uint8Array): StepOutput {
  return reviveBuffers(decoder.decode(bytes)) as StepOutput;
}

function reviveBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(reviveBuffers);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const source = value as Record<string, unknown>;
  for (const key of Object.keys(source)) source[key] = reviveBuffers(source[key]);
  return source;
}
