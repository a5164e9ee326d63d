import { Duplex } from 'node:stream';
import { FRAME, type FrameKind, fourBytes } from './frames';
import { ReceiveWindow } from './receive-window';
import { SendWindow } from './send-window';
import type { SharedRoom } from './shared-room';

type Send = (kind: FrameKind, payload?: Uint8Array, onLeft?: () => void) => void;

/**
 * One of the streams that share a connection. It sends only what the other side has room for, so that a slow reader
 * holds up its own stream and no other. Emits `opened` once the other side has taken it.
 */
export class TunnelStream extends Duplex {
  readonly #send: Send;
  readonly #received: ReceiveWindow;
  readonly #sending: SendWindow;
  #isWanted = false;
  #hasEnd = false;
  #isCut = false;

  constructor(send: Send, onGone: () => void, room: SharedRoom) {
    // Nothing is held but in the windows, which count it.
    super({ highWaterMark: 0 });
    this.#send = send;
    this.#received = new ReceiveWindow(room);
    this.#sending = new SendWindow({
      send: (part, onLeft) => send(FRAME.data, part, onLeft),
      giveBack: (bytes) => send(FRAME.unused, fourBytes(bytes)),
    });
    // Whoever uses it sees its end; an error that nobody listens to must not end the process.
    this.on('error', () => {});
    this.once('close', onGone);
  }

  /** Has its memory counted with that of another stream, which it leads to. */
  shareRoomOf(other: TunnelStream): void {
    this.#received.shareRoomOf(other.#received);
  }

  /** Takes a frame from the other side. */
  receive(kind: number, payload: Buffer): void {
    if (this.destroyed) return;
    const bytes = payload.length === 4 ? payload.readUInt32BE(0) : Number.NaN;
    if (kind === FRAME.data) this.#take(payload);
    else if (kind === FRAME.end) {
      this.#hasEnd = true;
      this.#deliver();
    } else if (kind === FRAME.credit) this.#require(this.#sending.allow(bytes));
    else if (kind === FRAME.unused) this.#require(this.#received.shrink(bytes));
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
    this.#sending.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#send(FRAME.end);
    done();
  }

  override _read(): void {
    // It is asked for more only when whoever got the last piece is done with it.
    const credit = this.#received.done();
    if (credit > 0) this.#send(FRAME.credit, fourBytes(credit));
    this.#isWanted = true;
    this.#deliver();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const isWhole = this.writableFinished && this.readableEnded;
    if (!this.#isCut && !isWhole) this.#send(FRAME.reset);
    this.#received.clear();
    this.#sending.close();
    done(error);
  }

  #take(chunk: Buffer): void {
    // Carries nothing, and a heap of them would count as no bytes.
    if (chunk.length === 0) return;
    if (this.#received.add(chunk)) this.#deliver();
    else this.destroy(new Error('more was sent than there is room for'));
  }

  /** More than a window is never owed: who claims it would have us send what it does not read. */
  #require(isAllowed: boolean): void {
    if (!isAllowed) this.destroy(new Error('the other side does not keep to the protocol'));
  }

  #deliver(): void {
    if (!this.#isWanted) return;
    const piece = this.#received.next();
    if (piece) {
      this.#isWanted = false;
      this.push(piece);
    } else if (this.#hasEnd) {
      this.#isWanted = false;
      this.push(null);
    }
  }
}
