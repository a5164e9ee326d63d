import type { BoardingCall } from '../accept/origin-push';
import type { Traveller } from './departure';

/** A batch that has begun and has room for more. */
interface Asking extends BoardingCall {
  answer(travellers: Traveller[]): void;
}

/** Batches that take more along after their start: their workers ask who waits, and wait a moment for an answer. */
export class Boarding {
  readonly #asking: Asking[] = [];
  /** Those that workers were told to take along, until they have left. */
  readonly #aboard = new Map<string, Traveller>();

  /** How many the batch takes whose worker has waited longest; 0 while no worker asks. */
  get room(): number {
    return this.#asking[0]?.room ?? 0;
  }

  /** Whether that batch will not ask again. */
  get isLast(): boolean {
    return this.#asking[0]?.isLast ?? false;
  }

  /** Resolves with those that go along, none after `forMs`. */
  ask(call: BoardingCall): Promise<Traveller[]> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answer(asking, []), call.forMs);
      const answer = (travellers: Traveller[]): void => {
        clearTimeout(timer);
        resolve(travellers);
      };
      const asking: Asking = { ...call, answer };
      this.#asking.push(asking);
    });
  }

  /** Sends these along with the batch that {@link room} speaks of. */
  board(travellers: Traveller[]): void {
    const [first] = this.#asking;
    if (!first) throw new Error('No batch asks for more.');
    for (const traveller of travellers) this.#aboard.set(traveller.execution._id, traveller);
    this.#answer(first, travellers);
  }

  /** Those of these executions that went along, and have not left since. */
  aboard(executionIds: readonly string[]): Traveller[] {
    return executionIds.flatMap((executionId) => this.#aboard.get(executionId) ?? []);
  }

  /** It has ended, or goes on elsewhere. */
  leave(executionId: string): void {
    this.#aboard.delete(executionId);
  }

  /** Nobody goes along any more. */
  close(): void {
    for (const { answer } of this.#asking.splice(0)) answer([]);
  }

  #answer(asking: Asking, travellers: Traveller[]): void {
    const at = this.#asking.indexOf(asking);
    if (at < 0) return;
    this.#asking.splice(at, 1);
    asking.answer(travellers);
  }
}
