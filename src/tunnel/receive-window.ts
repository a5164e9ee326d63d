import { OWN_BYTES, type SharedRoom } from './shared-room';

/** Short pieces are put together up to here: many of them would take more memory than they count. */
const PIECE_BYTES = 16 * 1024;

/**
 * What a stream has received, up to its window: the bytes that the other side may send, those that wait here, and
 * those that were taken but not given back to the other side yet.
 */
export class ReceiveWindow {
  readonly #pieces: Buffer[] = [];
  #waitingBytes = 0;
  /** Handed out last: whoever has it may not be done with it. */
  #outBytes = 0;
  #takenBytes = 0;
  #sharedBytes = 0;

  constructor(private room: SharedRoom) {}

  /** Has it share the room of another one; before anything was taken. */
  shareRoomOf(other: ReceiveWindow): void {
    this.room = other.room;
  }

  /** False when the other side had no room for it. */
  add(chunk: Buffer): boolean {
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes + this.#outBytes + this.#takenBytes > OWN_BYTES + this.#sharedBytes) return false;
    const last = this.#pieces.at(-1);
    // Copied: a frame is a part of all that was read with it, which would be kept as a whole.
    if (last && last.length + chunk.length <= PIECE_BYTES)
      this.#pieces[this.#pieces.length - 1] = Buffer.concat([last, chunk]);
    else this.#pieces.push(Buffer.from(chunk));
    return true;
  }

  /** The next piece. It counts until `done`. */
  next(): Buffer | undefined {
    const piece = this.#pieces.shift();
    this.#waitingBytes -= piece?.length ?? 0;
    this.#outBytes += piece?.length ?? 0;
    return piece;
  }

  /** Whoever had the last piece is done with it. Answers how much more the other side may send, 0 for not yet. */
  done(): number {
    this.#takenBytes += this.#outBytes;
    this.#outBytes = 0;
    const window = OWN_BYTES + this.#sharedBytes;
    if (this.#takenBytes < window / 4) return 0;
    const usedBytes = window - this.#takenBytes;
    this.#takenBytes = 0;
    this.#sharedBytes = this.room.share(this.#sharedBytes, Math.max(0, usedBytes - OWN_BYTES));
    return OWN_BYTES + this.#sharedBytes - usedBytes;
  }

  /** The other side does not need so much. False when it did not have it. */
  shrink(bytes: number): boolean {
    const free = this.#sharedBytes - this.#waitingBytes - this.#outBytes - this.#takenBytes;
    if (!(bytes <= free)) return false;
    this.#sharedBytes -= bytes;
    this.room.giveBack(bytes);
    return true;
  }

  clear(): void {
    this.#pieces.length = 0;
    this.room.giveBack(this.#sharedBytes);
    this.#sharedBytes = 0;
  }
}
