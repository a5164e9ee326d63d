import type { Call } from './called-service';

/** Names the step that a call belongs to: `<key>/<place>`. */
export const stepOf = ({ key, place }: Pick<Call, 'key' | 'place'>): string => `${key}/${place}`;

/**
 * Calls that arrived after their step had been seen in the journal: a finished step ran twice. The times of
 * `seenMs`, by {@link stepOf}, are those of the same clock at which a reading of the journal was there.
 */
export function callsOfFinishedSteps(calls: readonly Call[], seenMs: ReadonlyMap<string, number>): Call[] {
  return calls.filter((call) => call.atMs > (seenMs.get(stepOf(call)) ?? Number.POSITIVE_INFINITY));
}

/**
 * Calls that came after a later step of the same execution had been called, which tells at once what the next
 * reading of the journal would: a step is called when the one before it is finished.
 */
export function callsBehindLaterSteps(calls: readonly Call[]): Call[] {
  const furthest = new Map<string, number>();
  return calls.filter(({ key, place }) => {
    const reached = furthest.get(key) ?? -1;
    furthest.set(key, Math.max(reached, place));
    return place < reached;
  });
}

/** Calls of a step that had been called before. */
export function repeatedCalls(calls: readonly Call[]): Call[] {
  const seen = new Set<string>();
  return calls.filter((call) => {
    const isRepeated = seen.has(stepOf(call));
    seen.add(stepOf(call));
    return isRepeated;
  });
}
