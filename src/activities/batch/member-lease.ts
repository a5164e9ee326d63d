import { type Lease, StalledError } from '../lease';

/** The right of a batch's member to go on: the batch's, and its own once the batch has left it. */
export class MemberLease implements Lease {
  #of: Lease;
  #isLost = false;

  constructor(batch: Lease) {
    this.#of = batch;
  }

  /** The batch is over: from now on it holds until {@link lose}. */
  leave(): void {
    this.#of = { assertHeld: () => undefined };
  }

  /** Somebody else goes on with the execution. */
  lose(): void {
    this.#isLost = true;
  }

  assertHeld(): void {
    if (this.#isLost) throw new StalledError('Another worker goes on with the execution.');
    this.#of.assertHeld();
  }
}
