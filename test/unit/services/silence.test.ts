import { Silence } from '../../../src/services/executions/repair/silence';

describe('who gives no sign of life', () => {
  /** Looks each 1.5 s, for so long; answers when the first of them was found silent. */
  const firstSilent = (
    silence: Silence,
    signAt: (ms: number) => number,
    [fromMs, toMs]: [number, number],
  ): number | undefined => {
    for (let ms = fromMs; ms <= toMs; ms += 1500)
      if (silence.see(new Map([['one', signAt(ms)]]), ms).has('one')) return ms;
    return undefined;
  };

  test('is found when a sign stays the same for six seconds, and as often as one asks from then on', () => {
    const silence = new Silence();
    expect(firstSilent(silence, () => 7, [0, 60_000])).toBe(6000);
    expect(silence.see(new Map([['one', 7]]), 7500)).toEqual(new Set(['one']));
    expect(silence.see(new Map([['one', 8]]), 9000)).toEqual(new Set());
  });

  test('does not include who gives one now and then, by whatever clock', () => {
    expect(firstSilent(new Silence(), (ms) => -Math.floor(ms / 5000), [0, 600_000])).toBeUndefined();
  });

  test('is counted anew behind a time in which nothing could be read', () => {
    const silence = new Silence();
    expect(firstSilent(silence, () => 7, [0, 4500])).toBeUndefined();
    silence.interrupt();
    expect(firstSilent(silence, () => 7, [6000, 60_000])).toBe(12_000);
  });

  test('is counted anew behind a look that took long, or a standstill of the one who looks', () => {
    const silence = new Silence();
    expect(firstSilent(silence, () => 7, [0, 4500])).toBeUndefined();
    expect(firstSilent(silence, () => 7, [10_000, 60_000])).toBe(16_000);
  });

  test('is counted anew for one that was not there for a while', () => {
    const silence = new Silence();
    expect(firstSilent(silence, () => 7, [0, 4500])).toBeUndefined();
    silence.see(new Map(), 6000);
    expect(firstSilent(silence, () => 7, [7500, 60_000])).toBe(13_500);
  });
});
