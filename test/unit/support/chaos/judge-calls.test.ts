import {
  callsBehindLaterSteps,
  callsOfFinishedSteps,
  repeatedCalls,
  stepOf,
} from '../../../support/chaos/judge-calls';

/** Calls of the steps 0, 1 and 2 of one execution, a second apart. */
const CALLS = [0, 1, 2].map((place) => ({ key: 'a', place, attempt: 1, atMs: 1000 * (place + 1) }));
/** Each was read as finished half a second after its call. */
const SEEN = new Map(CALLS.map((call) => [stepOf(call), call.atMs + 500]));
const again = (place: number, atMs: number) => ({ key: 'a', place, attempt: 2, atMs });

describe('what the chaos proof takes for a finished step that ran twice', () => {
  test('a call that comes after its step was read in the journal, also that of the last step', () => {
    for (const { place } of CALLS)
      expect(callsOfFinishedSteps([...CALLS, again(place, 9000)], SEEN)).toEqual([again(place, 9000)]);
  });

  test('not the calls of a step that was not finished yet, however many', () => {
    expect(callsOfFinishedSteps([...CALLS, again(2, 3400)], SEEN)).toEqual([]);
  });

  test('not the calls of a step that was never read as finished, nor those of another execution', () => {
    const other = { key: 'b', place: 2, attempt: 1, atMs: 9000 };
    expect(callsOfFinishedSteps([...CALLS, other], SEEN)).toEqual([]);
    expect(callsOfFinishedSteps([...CALLS, again(2, 9000)], new Map())).toEqual([]);
  });

  test('a call that comes behind one of a later step, read or not', () => {
    expect(callsBehindLaterSteps([...CALLS, again(1, 3100)])).toEqual([again(1, 3100)]);
    expect(callsBehindLaterSteps([...CALLS, again(2, 3100)])).toEqual([]);
  });

  test('calls of a step behind its first are repeated ones', () => {
    expect(repeatedCalls([...CALLS, again(2, 3100)])).toEqual([again(2, 3100)]);
  });
});
