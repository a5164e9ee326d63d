import { AppError } from '../../../errors';
import { FairQueue } from '../../../fair-queue';

interface Turn {
  organizationId: string;
  characters: number;
  begin: () => void;
}

/** One at a time; who waits goes on one of each organization in turn. */
export class Turns {
  readonly #limits: { waitingOfOne: number; waitingOfAll: number };
  readonly #waiting = new FairQueue<Turn>();
  /** Characters that wait, by organization. */
  readonly #characters = new Map<string, number>();
  #isTaken = false;

  constructor(limits: { waitingOfOne: number; waitingOfAll: number }) {
    this.#limits = limits;
  }

  /** Waits for a turn, which ends with `end`. Throws when too much waits already. */
  async begin(organizationId: string, characters: number): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    this.#refuseTooMany(organizationId, characters);
    this.#count(organizationId, characters);
    await new Promise<void>((begin) => {
      this.#waiting.push(organizationId, { organizationId, characters, begin });
    });
  }

  end(): void {
    const [next] = this.#waiting.take(1, () => 1);
    if (!next) {
      this.#isTaken = false;
      return;
    }
    this.#count(next.organizationId, -next.characters);
    next.begin();
  }

  #count(organizationId: string, change: number): void {
    const sum = (this.#characters.get(organizationId) ?? 0) + change;
    if (sum > 0) this.#characters.set(organizationId, sum);
    else this.#characters.delete(organizationId);
  }

  #refuseTooMany(organizationId: string, characters: number): void {
    const ofOne = this.#characters.get(organizationId) ?? 0;
    const ofAll = [...this.#characters.values()].reduce((sum, one) => sum + one, 0);
    const retry = { retryAfterSeconds: 10 };
    if (ofOne + characters > this.#limits.waitingOfOne)
      throw new AppError(
        'limit_exceeded',
        'Too many large definitions of your organization wait to be read: repeat it when they are done.',
        retry,
      );
    if (ofAll + characters > this.#limits.waitingOfAll)
      throw new AppError(
        'dependency_unavailable',
        'Too many large definitions wait to be read: repeat it later.',
        retry,
      );
  }
}
