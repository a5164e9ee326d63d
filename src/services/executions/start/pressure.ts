/** Executions that may have begun lately, while the workers keep up. */
const MOST = 400;
/** The same while nothing is known of them. */
const UNKNOWN = 100;
/** While they do not keep up. */
const LEAST = 50;
/** A worker whose event loop comes so late to what is due has too much at once. */
const HIGH_LAG_MS = 60;
const LOW_LAG_MS = 25;
/** A cut, and how long it takes until it shows in what the workers say. */
const CUT = 0.7;
const CUT_EVERY_MS = 300;
/** Regained in a second. */
const REGAINED = 50;
/** What was said longer ago says nothing about now. */
const SAID_FOR_MS = 2000;

/**
 * How much the workers take at once, by what they say of themselves: less while they are late, so that what begins
 * is soon done and does not wait behind others in a worker; more again, bit by bit, when they keep up. Source: additive
 * increase, multiplicative decrease (Chiu and Jain, 1989).
 */
export class Pressure {
  #most = UNKNOWN;
  #isHigh = false;
  #lagMs = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  #cutAt = Number.NEGATIVE_INFINITY;

  /** A worker's event loop was late by so much. */
  say(lagMs: number): void {
    const now = Date.now();
    if (!this.#isSaid()) this.#most = UNKNOWN;
    const sinceMs = Math.min(1000, now - this.#saidAt);
    this.#saidAt = now;
    this.#lagMs = lagMs;
    this.#isHigh = lagMs > HIGH_LAG_MS;
    if (this.#isHigh && now - this.#cutAt >= CUT_EVERY_MS) {
      this.#cutAt = now;
      this.#most = Math.max(LEAST, this.#most * CUT);
    } else if (lagMs < LOW_LAG_MS) this.#most = Math.min(MOST, this.#most + (REGAINED * sinceMs) / 1000);
  }

  /** Whether a worker was late a moment ago. */
  get isHigh(): boolean {
    return this.#isHigh && this.#isSaid();
  }

  /** How late a worker was a moment ago, in ms. */
  get lagMs(): number {
    return this.#isSaid() ? this.#lagMs : 0;
  }

  /** How many executions may have begun within the last second. */
  get mostFresh(): number {
    return this.#isSaid() ? Math.floor(this.#most) : UNKNOWN;
  }

  #isSaid(): boolean {
    return Date.now() - this.#saidAt < SAID_FOR_MS;
  }
}
