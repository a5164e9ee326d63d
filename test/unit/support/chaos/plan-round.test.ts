import { planRound } from '../../../support/chaos/plan-round';
import { seededRandom } from '../../../support/chaos/seeded-random';

const rounds = Array.from({ length: 500 }, (_, seed) => planRound(seededRandom(seed)));

describe('a round of kills at random', () => {
  test('is the same for the same seed', () => {
    expect(rounds.map((_, seed) => planRound(seededRandom(seed)))).toEqual(rounds);
  });

  test('takes a second part away while the first is gone', () => {
    const apart = rounds.filter(([first, second]) => {
      const isTogether = first!.part !== second!.part && second!.afterMs < first!.awayMs;
      return !isTogether || first!.part === 'runner' || second!.part === 'runner';
    });
    expect(apart).toEqual([]);
  });

  test('has three to five kills, and all rounds together each part', () => {
    expect(new Set(rounds.map(({ length }) => length))).toEqual(new Set([3, 4, 5]));
    expect(new Set(rounds.flat().map(({ part }) => part))).toEqual(
      new Set(['worker', 'runner', 'API', 'Temporal', 'mongod']),
    );
  });
});
