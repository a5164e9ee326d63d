/** A part of a crowd is held back for so long at most, and needs to be worth less and less until then. */
const PATIENCE_MS = 5000;

/** What there is for a customer's next part. */
interface Offer {
  /** How many wait in its line. */
  waiting: number;
  /** How many there is room for. */
  room: number;
  /** From how many on they are worth a workflow. */
  worth: number;
}

/**
 * How much of each customer's line goes with the next start: a part of a crowd waits until it is worth a workflow. Its
 * demand falls while it waits, as those whose few are always worth it may take all that becomes free.
 */
export class CrowdParts {
  /** When the part was first held back that a customer waits for. */
  readonly #heldSince = new Map<string, number>();

  /** The room that the customer may use now, 0 while its part is held back. */
  of(customer: string, { waiting, room, worth }: Offer): number {
    if (room < 1) return 0;
    const now = Date.now();
    const since = this.#heldSince.get(customer) ?? now;
    const wanted = worth * Math.max(0, 1 - (now - since) / PATIENCE_MS);
    if (room < Math.min(waiting, wanted)) {
      this.#heldSince.set(customer, since);
      return 0;
    }
    this.#heldSince.delete(customer);
    return room;
  }
}
