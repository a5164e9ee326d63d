import { Duplex } from 'node:stream';
import { FRAME, type FrameKind } from './frames';

/** Bytes of one stream and direction that may be on their way unread: what a slow reader costs in memory. */
const WINDOW_BYTES = 512 * 1024;
const CHUNK_BYTES = 64 * 1024;

type Send = (kind: FrameKind, payload?: Uint8Array) => void;

/**
 * One of the streams that share a connection. It sends only what the other side has room for, so that a slow reader
 * holds up its own stream and no other. Emits `opened` once the other side has taken it.
 */
export class TunnelStream extends Duplex {
  readonly #send: Send;
  #credit = WINDOW_BYTES;
  #unsent: { chunk: Buffer; done: () => void } | undefined;
  readonly #received: Buffer[] = [];
  #receivedBytes = 0;
  /** Read, and not yet given back as credit. */
  #takenBytes = 0;
  #isWanted = false;
  #hasEnd = false;
  #isCut = false;

  constructor(send: Send, onGone: () => void) {
    super({ readableHighWaterMark: CHUNK_BYTES, writableHighWaterMark: CHUNK_BYTES });
    this.#send = send;
    // Whoever uses it sees its end; an error that nobody listens to must not end the process.
    this.on('error', () => {});
    this.once('close', onGone);
  }

  /** Takes a frame from the other side. */
  receive(kind: number, payload: Buffer): void {
    if (this.destroyed) return;
    if (kind === FRAME.data) this.#take(payload);
    else if (kind === FRAME.end) {
      this.#hasEnd = true;
      if (this.#isWanted) this.#deliver();
    } else if (kind === FRAME.credit) this.#allow(payload);
    else if (kind === FRAME.opened) this.emit('opened');
    else if (kind === FRAME.refused) this.cut(payload.toString());
    else if (kind === FRAME.reset) this.cut('the other side cut the connection');
  }

  /** Ends it without a word to the other side, which knows. */
  cut(reason: string): void {
    this.#isCut = true;
    this.destroy(new Error(reason));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#unsent = { chunk, done };
    this.#flush();
  }

  override _final(done: () => void): void {
    this.#send(FRAME.end);
    done();
  }

  override _read(): void {
    this.#isWanted = true;
    this.#deliver();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const isWhole = this.writableFinished && this.readableEnded;
    if (!this.#isCut && !isWhole) this.#send(FRAME.reset);
    this.#received.length = 0;
    done(error);
  }

  #flush(): void {
    while (this.#unsent && this.#credit > 0 && !this.destroyed) {
      const { chunk, done } = this.#unsent;
      const part = chunk.subarray(0, Math.min(this.#credit, CHUNK_BYTES));
      this.#credit -= part.length;
      this.#send(FRAME.data, part);
      this.#unsent = part.length < chunk.length ? { chunk: chunk.subarray(part.length), done } : undefined;
      if (!this.#unsent) done();
    }
  }

  /** More than a window is never owed: who claims it would have us send what it does not read. */
  #allow(payload: Buffer): void {
    const bytes = payload.length === 4 ? payload.readUInt32BE(0) : Number.NaN;
    this.#credit += bytes;
    if (this.#credit <= WINDOW_BYTES) this.#flush();
    else this.destroy(new Error('the other side does not keep to the protocol'));
  }

  #take(chunk: Buffer): void {
    // Carries nothing, and a heap of them would count as no bytes.
    if (chunk.length === 0) return;
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > WINDOW_BYTES) this.destroy(new Error('more was sent than there is room for'));
    else if (this.#isWanted) this.#deliver();
  }

  #deliver(): void {
    while (this.#isWanted && this.#received.length > 0) {
      const chunk = this.#received.shift()!;
      this.#receivedBytes -= chunk.length;
      this.#takenBytes += chunk.length;
      this.#isWanted = this.push(chunk);
    }
    if (this.#takenBytes >= WINDOW_BYTES / 4) {
      const credit = Buffer.alloc(4);
      credit.writeUInt32BE(this.#takenBytes);
      this.#takenBytes = 0;
      this.#send(FRAME.credit, credit);
    }
    if (this.#hasEnd && this.#received.length === 0 && this.#isWanted) {
      this.#isWanted = false;
      this.push(null);
    }
  }
}
