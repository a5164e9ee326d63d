import { Succession } from '../../../src/services/executions/start/succession';

describe('callers who follow each other', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('are known for a moment behind the end of one for which somebody waited', () => {
    const succession = new Succession();
    expect(succession.isOn).toBe(false);
    succession.enter('awaited');
    expect(succession.isOn).toBe(false);
    jest.advanceTimersByTime(60_000);
    succession.leave('awaited');
    expect(succession.isOn).toBe(true);
    jest.advanceTimersByTime(99);
    expect(succession.isOn).toBe(true);
    jest.advanceTimersByTime(1);
    expect(succession.isOn).toBe(false);
  });

  test('are not told by the end of one that nobody waits for, nor by a second word of the same', () => {
    const succession = new Succession();
    succession.leave('not awaited');
    expect(succession.isOn).toBe(false);
    succession.enter('awaited');
    succession.leave('awaited');
    jest.advanceTimersByTime(150);
    succession.leave('awaited');
    expect(succession.isOn).toBe(false);
  });
});
