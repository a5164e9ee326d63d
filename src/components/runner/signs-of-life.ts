/** Whoever said nothing for so long is asked for a sign of life. */
const QUIET_MS = 100;
/** Without one, or anything else from it, for so long, a process gets no calls that others can take. */
const SILENT_AFTER_MS = 200;
/** Who is silent again within so long is held up by what runs in it; once may be a machine that has no time. */
const AGAIN_WITHIN_MS = 5_000;
/** Without the answer itself for so long, it has missed the question. */
const MISSED_AFTER_MS = 400;
/** Missed questions after which what has not begun in a process is taken back. */
const STUCK_AFTER = 2;

/** Whether a process still answers, by what it says and by asking it. */
export class SignsOfLife {
  /** It was asked a moment ago, and nothing has come from it since. */
  isSilent = false;
  /** It is silent, and was so a moment before. */
  isSilentAgain = false;
  /** It has not answered a question in time: something in it blocks. */
  isBlocked = false;
  /** It missed several. */
  isStuck = false;
  readonly #send: () => void;
  #heardAt = 0;
  #askedAt: number | undefined;
  #missed = 0;
  #wasSilentAt = Number.NEGATIVE_INFINITY;

  /** `send`: sends the question. */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** An answer is due. */
  get isAwaited(): boolean {
    return this.#askedAt !== undefined;
  }

  ask(): void {
    this.#send();
    this.#askedAt = performance.now();
  }

  /** Something came from it, be it an answer or not. */
  heard(): void {
    this.#heardAt = performance.now();
    if (this.isSilent) this.#wasSilentAt = this.#heardAt;
    this.isSilent = false;
    this.isSilentAgain = false;
  }

  /** It has answered. */
  answered(): void {
    this.#askedAt = undefined;
    this.#missed = 0;
    this.isBlocked = false;
    this.isStuck = false;
  }

  /** Asks a process that has been quiet over its work, and notes when nothing comes from it, and when no answer does. */
  listen(isAtWork: boolean): void {
    const now = performance.now();
    if (this.#askedAt === undefined) {
      if (isAtWork && now - this.#heardAt > QUIET_MS) this.ask();
      return;
    }
    this.isSilent = now - Math.max(this.#askedAt, this.#heardAt) > SILENT_AFTER_MS;
    this.isSilentAgain = this.isSilent && now - this.#wasSilentAt < AGAIN_WITHIN_MS;
    this.isBlocked ||= this.unansweredMs > MISSED_AFTER_MS;
  }

  /** Counts a question as missed when it is, and says whether the process is stuck by it. */
  look(): 'fine' | 'blocked' | 'stuck' {
    if (this.unansweredMs < MISSED_AFTER_MS) return 'fine';
    this.isBlocked = true;
    this.#missed += 1;
    if (this.#missed !== STUCK_AFTER) return 'blocked';
    this.isStuck = true;
    return 'stuck';
  }

  /** Since when an answer is due, in ms; 0 when none is. */
  get unansweredMs(): number {
    return this.#askedAt === undefined ? 0 : performance.now() - this.#askedAt;
  }
}
