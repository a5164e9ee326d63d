/** So many of them within the last moments: another one will come while a write waits some milliseconds. */
const SEVERAL = 4;
const WITHIN_MS = 20;
const REMEMBERED = 12;

/** Who wrote a moment ago: whether it is worth a write's while to wait for others. */
export class RecentWriters {
  readonly #seen: { source: string; ms: number }[] = [];

  note(source: string): void {
    this.#seen.push({ source, ms: Date.now() });
    if (this.#seen.length > REMEMBERED) this.#seen.shift();
  }

  /** One that writes much on its own is one. */
  areSeveral(): boolean {
    const since = Date.now() - WITHIN_MS;
    if (this.#seen.length < SEVERAL) return false;
    return new Set(this.#seen.filter(({ ms }) => ms >= since).map(({ source }) => source)).size >= SEVERAL;
  }
}
