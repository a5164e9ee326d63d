/** A sign of life that stayed the same for so long, while it could be read all the time, was the last one, ms. */
const SILENT_MS = 6000;
/** Between two looks that lie further apart the database, or this process, was away, ms. */
const MOST_APART_MS = 5000;

/**
 * Finds who gives no sign of life any more, by what one process saw and when. No clock of another host is
 * asked, and nobody is judged for a time in which nobody could have given a sign.
 */
export class Silence {
  readonly #seen = new Map<string, { sign: number; sinceMs: number }>();
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** Nothing could be seen: all counts begin anew. */
  interrupt(): void {
    this.#seen.clear();
  }

  /** Takes the last signs as they were read at `nowMs`, by who gave them; answers those that are silent. */
  see(signs: ReadonlyMap<string, number>, nowMs: number): Set<string> {
    if (nowMs - this.#lookedMs > MOST_APART_MS) this.interrupt();
    this.#lookedMs = nowMs;
    for (const id of this.#seen.keys()) if (!signs.has(id)) this.#seen.delete(id);
    const silent = new Set<string>();
    for (const [id, sign] of signs) {
      const seen = this.#seen.get(id);
      if (seen?.sign !== sign) this.#seen.set(id, { sign, sinceMs: nowMs });
      else if (nowMs - seen.sinceMs >= SILENT_MS) silent.add(id);
    }
    return silent;
  }
}
