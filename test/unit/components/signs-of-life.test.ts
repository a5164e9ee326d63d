import { SignsOfLife } from '../../../src/components/runner/signs-of-life';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

function watched() {
  let asked = 0;
  const life = new SignsOfLife(() => {
    asked += 1;
  });
  life.heard();
  return { life, asked: () => asked };
}

describe('a process that is quiet over its work', () => {
  it('is asked once, and counts as silent while no answer comes', () => {
    const { life, asked } = watched();
    jest.advanceTimersByTime(90);
    life.listen(true);
    expect(asked()).toBe(0);
    jest.advanceTimersByTime(20);
    life.listen(true);
    jest.advanceTimersByTime(150);
    life.listen(true);
    expect([asked(), life.isSilent]).toEqual([1, false]);
    jest.advanceTimersByTime(100);
    life.listen(true);
    expect([asked(), life.isSilent]).toEqual([1, true]);
    life.heard();
    expect([life.isSilent, life.isAwaited]).toEqual([false, true]);
    life.answered();
    expect(life.isAwaited).toBe(false);
  });

  it('is told apart when it is silent again a moment later', () => {
    const { life } = watched();
    const beSilent = () => {
      life.ask();
      jest.advanceTimersByTime(300);
      life.listen(true);
      const found = [life.isSilent, life.isSilentAgain];
      life.heard();
      life.answered();
      return found;
    };
    expect(beSilent()).toEqual([true, false]);
    jest.advanceTimersByTime(1000);
    expect(beSilent()).toEqual([true, true]);
    expect(life.isSilentAgain).toBe(false);
    jest.advanceTimersByTime(10_000);
    expect(beSilent()).toEqual([true, false]);
  });

  it('is not silent as long as anything comes from it, and blocked when that is never the answer', () => {
    const { life } = watched();
    life.ask();
    for (let ms = 0; ms < 400; ms += 100) {
      jest.advanceTimersByTime(100);
      life.heard();
      life.listen(true);
    }
    expect([life.isSilent, life.isBlocked]).toEqual([false, false]);
    jest.advanceTimersByTime(100);
    life.heard();
    life.listen(true);
    expect([life.isSilent, life.isBlocked]).toEqual([false, true]);
  });

  it('is left alone when it has nothing to do', () => {
    const { life, asked } = watched();
    jest.advanceTimersByTime(10_000);
    life.listen(false);
    expect(asked()).toBe(0);
  });
});

describe('a process that misses questions', () => {
  it('is blocked at the first, stuck at the second, and neither once it has answered', () => {
    const { life } = watched();
    life.ask();
    jest.advanceTimersByTime(300);
    expect([life.look(), life.isBlocked]).toEqual(['fine', false]);
    jest.advanceTimersByTime(200);
    expect([life.look(), life.isBlocked, life.isStuck]).toEqual(['blocked', true, false]);
    jest.advanceTimersByTime(500);
    expect([life.look(), life.isStuck]).toEqual(['stuck', true]);
    jest.advanceTimersByTime(500);
    expect([life.look(), life.unansweredMs]).toEqual(['blocked', 1500]);
    life.answered();
    expect([life.isBlocked, life.isStuck, life.unansweredMs]).toEqual([false, false, 0]);
  });

  it('is asked anew from the moment of the last question', () => {
    const { life } = watched();
    life.ask();
    jest.advanceTimersByTime(500);
    life.ask();
    expect([life.isAwaited, life.look()]).toEqual([true, 'fine']);
  });
});
