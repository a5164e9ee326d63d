import { type Lease, StalledError } from '../lease';

/** The right of a walk to go on: its activity's, and its own once that has left it. */
export class WalkLease implements Lease {
  #of: Lease;
  #isLost = false;
  #isCancelled = false;

  constructor(ofActivity: Lease) {
    this.#of = ofActivity;
  }

  /** The activity is over: from now on it holds until {@link lose}. */
  leave(): void {
    this.#of = { assertHeld: () => undefined };
  }

  /** Somebody else goes on with the execution. */
  lose(): void {
    this.#isLost = true;
  }

  /** Somebody cancelled the execution. */
  cancel(): void {
    this.#isCancelled = true;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  assertHeld(): void {
    if (this.#isLost) throw new StalledError('Another worker goes on with the execution.');
    this.#of.assertHeld();
  }
}
