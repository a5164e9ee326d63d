interface Entry<M> {
  message: M;
  /** What is sent instead of a message that cannot be serialized; `undefined` drops it. */
  repair: (error: unknown) => M | undefined;
}

/**
 * So many messages go before the turn is over: who gets them begins with these meanwhile. The executions of a batch move in
 * step, and else one of two processors waits for the process that has all of them.
 */
const ENOUGH = 16;

// Taken before component code can replace it.
const later = setImmediate;

/** Collects the messages of one turn of the event loop and sends them together, since each write costs more than its content. */
export class Outbox<M> {
  readonly #write: (messages: M[]) => void;
  readonly #onSent: () => void;
  #entries: Entry<M>[] = [];
  #isDue = false;

  /**
   * `write` sends a list of messages in one piece; throws, before anything is sent, when it cannot be serialized.
   * `onSent` is called when all that was collected is sent.
   */
  constructor(write: (messages: M[]) => void, onSent: () => void = () => {}) {
    this.#write = write;
    this.#onSent = onSent;
  }

  add(message: M, repair: Entry<M>['repair'] = () => undefined): void {
    this.#entries.push({ message, repair });
    if (this.#entries.length >= ENOUGH) this.flush();
    if (this.#isDue) return;
    this.#isDue = true;
    later(this.#onDue);
  }

  /** Sends what there is now: for messages that must be out before code runs that may never return. */
  flush(): void {
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    try {
      this.#write(entries.map(({ message }) => message));
    } catch {
      for (const entry of entries) this.#sendAlone(entry);
    }
    this.#onSent();
  }

  #onDue = (): void => {
    this.#isDue = false;
    this.flush();
  };

  #sendAlone({ message, repair }: Entry<M>): void {
    try {
      this.#write([message]);
    } catch (error) {
      const repaired = repair(error);
      if (repaired !== undefined) this.#write([repaired]);
    }
  }
}
