import type { FieldFault } from '../../../errors';
import { invalidInput } from '../../parse-input';

/** Gathers faults so that all are reported at once. */
export class FaultCollector {
  readonly #prefix: string;
  readonly #faults: FieldFault[] = [];

  /** `prefix` names the field of the input that the places are in. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(place: string, message: string): void {
    this.#faults.push({ field: `${this.#prefix}.${place}`, messages: [message] });
  }

  /** Throws `invalid_input` with everything that was added. */
  throwIfAny(): void {
    if (this.#faults.length > 0) throw invalidInput(this.#faults);
  }
}
