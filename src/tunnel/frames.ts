/** Kinds of frames; a frame is one byte of kind, four of the stream's number, and what follows. */
export const FRAME = {
  /** Wanted: text that the other side knows what to make of. */
  open: 1,
  opened: 2,
  /** Not opened: why, as text. */
  refused: 3,
  data: 4,
  /** No more data in this direction. */
  end: 5,
  /** Both directions are cut. */
  reset: 6,
  /** Bytes that may be sent besides: four bytes. */
  credit: 7,
  /** Bytes that were allowed and will not be sent: four bytes. */
  unused: 8,
} as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

/** Bytes of a frame before what follows. */
export const HEADER_BYTES = 5;
/** Data of one frame, at most. */
export const CHUNK_BYTES = 16 * 1024;
/** Longest frame; a side that sends a longer one is cut off. */
export const MOST_FRAME_BYTES = HEADER_BYTES + CHUNK_BYTES;

/** Text message by which an agent begins. */
export const HELLO = 'hello';
/** Text message that answers it: from now on runs find the agent. */
export const WELCOME = 'welcome';
/** Text message by which a server says that it stops: its agents go to another one while open streams end here. */
export const LEAVE = 'leave';

/** The bytes of a frame. */
export function frameOf(kind: FrameKind, id: number, payload?: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + (payload?.length ?? 0));
  frame.writeUInt8(kind, 0);
  frame.writeUInt32BE(id, 1);
  if (payload) frame.set(payload, HEADER_BYTES);
  return frame;
}

/** A number of bytes as a frame carries it. */
export function fourBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
