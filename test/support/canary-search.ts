import type { Place } from './canary-places';
import { findSecret } from './find-secret';

/** Finds texts in places; each text is looked for once. */
export class Search {
  readonly #places: readonly Place[];
  readonly #found = new Map<string, string[]>();

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  /** `place: form` for everywhere a text lies. Throws for an empty one, which is everywhere and nowhere. */
  find(text: string, where = /./): string[] {
    if (text === '') throw new Error('There is nothing to look for.');
    const found = this.#found.get(text) ?? this.#everywhere(text);
    this.#found.set(text, found);
    return found.filter((one) => where.test(one));
  }

  #everywhere(text: string): string[] {
    return this.#places.flatMap(([name, bytes]) => findSecret(bytes, text).map((form) => `${name}: ${form}`));
  }
}
