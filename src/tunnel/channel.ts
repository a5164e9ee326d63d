import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { CHUNK_BYTES, FRAME, type FrameKind, frameOf, HEADER_BYTES } from './frames';
import { cut, join } from './join';
import { SharedRoom } from './shared-room';
import { TunnelStream } from './tunnel-stream';

/** Connects what a stream should lead to; an error's message is told to the side that opened it. */
export type Answer = (wanted: string) => Promise<Duplex>;

/** Streams of one channel at a time. */
const MOST_STREAMS = 256;
/**
 * What waits to be sent, at most: one chunk of each stream, and short frames, which nothing holds up. A side that makes
 * us send and does not read is cut off.
 */
const MOST_UNSENT_BYTES = MOST_STREAMS * CHUNK_BYTES + 1024 * 1024;
/** How long the other side may take to connect a stream. */
const OPEN_LIMIT_MS = 15_000;

/** Many streams over one WebSocket. One side opens them, the other one answers. */
export class Channel {
  readonly #streams = new Map<number, TunnelStream>();
  readonly #answer: Answer | undefined;
  readonly #room = new SharedRoom();
  #lastId = 0;
  #onIdle: (() => void) | undefined;

  constructor(
    readonly socket: WebSocket,
    answer?: Answer,
  ) {
    this.#answer = answer;
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return;
      if (data.length >= HEADER_BYTES) this.#receive(data);
      else socket.terminate();
    });
    // Each is answered by the library.
    socket.on('ping', () => this.#boundUnsent());
    // What went wrong shows by the close that follows.
    socket.on('error', () => {});
    socket.once('close', () => this.cut('the connection was lost'));
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Opens a stream. Rejects with the other side's reason, and when it does not answer in time. */
  async open(wanted: string): Promise<Duplex> {
    if (!this.isOpen) throw new Error('the connection was lost');
    if (this.#streams.size >= MOST_STREAMS) throw new Error(`${MOST_STREAMS} connections are open already`);
    this.#lastId += 1;
    const stream = this.#add(this.#lastId);
    this.#send(FRAME.open, this.#lastId, Buffer.from(wanted));
    const timer = setTimeout(() => stream.destroy(new Error('it did not answer in time')), OPEN_LIMIT_MS);
    try {
      await once(stream, 'opened');
      return stream;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when no stream is open. */
  async idle(): Promise<void> {
    if (this.#streams.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** Cuts all streams. */
  cut(reason: string): void {
    for (const stream of this.#streams.values()) stream.cut(reason);
  }

  #receive(frame: Buffer): void {
    const [kind = 0] = frame;
    const id = frame.readUInt32BE(1);
    const payload = frame.subarray(HEADER_BYTES);
    const stream = this.#streams.get(id);
    if (kind !== FRAME.open) stream?.receive(kind, payload);
    else if (this.#answer && !stream) void this.#connect(this.#answer, id, payload.toString());
    else this.socket.terminate();
  }

  async #connect(answer: Answer, id: number, wanted: string): Promise<void> {
    const stream = this.#add(id);
    try {
      if (this.#streams.size > MOST_STREAMS) throw new Error(`${MOST_STREAMS} connections are open already`);
      const other = await answer(wanted);
      if (other instanceof TunnelStream) stream.shareRoomOf(other);
      if (stream.destroyed) cut(other);
      else {
        this.#send(FRAME.opened, id);
        join(stream, other);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#send(FRAME.refused, id, Buffer.from(reason.slice(0, 1000)));
      stream.cut(reason);
    }
  }

  #add(id: number): TunnelStream {
    const stream = new TunnelStream(
      (kind, payload, onLeft) => this.#send(kind, id, payload, onLeft),
      () => {
        this.#streams.delete(id);
        if (this.#streams.size === 0) this.#onIdle?.();
      },
      this.#room,
    );
    this.#streams.set(id, stream);
    return stream;
  }

  #send(kind: FrameKind, id: number, payload?: Uint8Array, onLeft?: () => void): void {
    if (!this.isOpen) return;
    this.socket.send(frameOf(kind, id, payload), (error) => {
      if (!error) onLeft?.();
    });
    this.#boundUnsent();
  }

  #boundUnsent(): void {
    if (this.socket.bufferedAmount > MOST_UNSENT_BYTES) this.socket.terminate();
  }
}
