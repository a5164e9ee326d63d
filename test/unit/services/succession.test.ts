import { Succession } from '../../../src/services/executions/start/succession';

/** How many callers came one behind the other, each as soon as the one before it was answered. */
function after(calls: number): Succession {
  const succession = new Succession();
  for (let call = 0; call < calls; call += 1) {
    succession.enter(`call ${call}`);
    jest.advanceTimersByTime(2000);
    succession.leave(`call ${call}`);
    jest.advanceTimersByTime(5);
  }
  return succession;
}

describe('callers who follow each other', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('are known when three have followed the first one, however long each takes', () => {
    expect(after(0).isOn).toBe(false);
    expect(after(3).isOn).toBe(false);
    expect(after(4).isOn).toBe(true);
    expect(after(50).isOn).toBe(true);
  });

  test('are none any more when nobody comes for a moment', () => {
    const succession = after(10);
    jest.advanceTimersByTime(94);
    expect(succession.isOn).toBe(true);
    jest.advanceTimersByTime(1);
    expect(succession.isOn).toBe(false);
    succession.enter('late');
    succession.leave('late');
    expect(succession.isOn).toBe(false);
  });

  test('are not told by the end of one that nobody waits for, that was withdrawn, or that ended before', () => {
    for (const end of ['nobody waits', 'withdrawn', 'call 9']) {
      const succession = after(10);
      succession.enter('withdrawn');
      succession.withdraw('withdrawn');
      jest.advanceTimersByTime(100);
      succession.leave(end);
      expect(succession.isOn).toBe(false);
    }
  });
});
