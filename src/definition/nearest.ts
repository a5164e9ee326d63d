import { LIMITS } from './limits';

const COMPARED_LENGTH = 40;

/** Edit distance in which a swap of two neighbours counts as one edit. */
function distance(left: string, right: string): number {
  let older: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    older = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

/** The up to three known names that a mistyped one may have meant, best first; case does not count. */
export function nearest(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase().slice(0, COMPARED_LENGTH);
  const reach = Math.max(1, Math.floor(wanted.length / 3));
  const found: { candidate: string; edits: number }[] = [];
  let compared = 0;
  for (const candidate of known) {
    if (++compared > LIMITS.candidates) break;
    const other = candidate.toLowerCase().slice(0, COMPARED_LENGTH);
    if (Math.abs(other.length - wanted.length) > reach) continue;
    const edits = distance(wanted, other);
    if (edits <= reach) found.push({ candidate, edits });
  }
  found.sort((a, b) => a.edits - b.edits);
  return found.slice(0, 3).map((entry) => entry.candidate);
}

const LISTED = 12;

/** A hint made of names: the nearest ones, else what there is to choose from. */
export function didYouMean(name: string, known: Iterable<string>): string {
  // Some can be gone through once only.
  const all = [...known];
  const near = nearest(name, all);
  if (near.length > 0) return `Did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`;
  if (all.length === 0) return 'There is none to choose from.';
  const shown = all.slice(0, LISTED).map((one) => `"${one}"`);
  return `Known: ${shown.join(', ')}${all.length > LISTED ? ` and ${all.length - LISTED} more` : ''}.`;
}
