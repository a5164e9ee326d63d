import { Decoder, Encoder } from '@msgpack/msgpack';

/** What a step leaves behind, as stored: the shape that result files have on the wire. */
export interface StepOutput {
  data?: unknown;
  contentType?: string;
  /** Rest of the component's result that later parts need: HTTP answer fields. */
  statusCode?: number;
  headers?: Record<string, string>;
  /** A polling trigger found nothing new. */
  polledNoChanges?: boolean;
  /** Of a step that failed. */
  failed?: boolean;
  error?: { code: string; message: string };
}

// Reused: each keeps a buffer of its own. `ignoreUndefined` leaves such keys out, as JSON does.
const encoder = withoutProto(new Encoder({ ignoreUndefined: true, maxDepth: 1000 }));
const decoder = new Decoder();

/** MessagePack bytes; Buffers and dates stay what they are. */
export function encodeOutput(output: StepOutput): Buffer {
  return Buffer.from(encoder.encode(output));
}

/** The names of the state objects, as the action context has them. */
export const STATE_LEVELS = [
  'executionState',
  'instanceState',
  'crossFlowState',
  'integrationState',
] as const;
export type StateLevel = (typeof STATE_LEVELS)[number];
export type StateObject = Record<string, unknown>;

/** What a step's record tells of the state objects. */
export interface States extends Partial<Record<StateLevel, Buffer>> {
  /** Of the record itself, which makes its blob unlike any other; those of a former release have none. */
  recordId?: string;
  /** Of levels that an earlier step of the run changed last: that step's record. */
  earlier?: Partial<Record<StateLevel, string>>;
}

/** One state object on its own, to be sealed. Throws for what could not be read back. */
export function encodeState(state: StateObject): Buffer {
  return Buffer.from(encoder.encode(state));
}

export function decodeState(bytes: Uint8Array): StateObject {
  return reviveBuffers(decoder.decode(bytes)) as StateObject;
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

/** A key of that name cannot be read back, so it is left out wherever it stands. */
function withoutProto(made: Encoder): Encoder {
  const internals = made as unknown as { encodeMap(map: StateObject, depth: number): void };
  const encodeMap = internals.encodeMap.bind(made);
  internals.encodeMap = (map, depth) =>
    encodeMap(Object.hasOwn(map, '__proto__') ? cleaned(map) : map, depth);
  return made;
}

const cleaned = (map: StateObject): StateObject =>
  Object.fromEntries(Object.entries(map).filter(([key]) => key !== '__proto__'));
