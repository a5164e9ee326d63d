import type { Context } from '@temporalio/activity';
import { heartbeating } from '../../../src/activities/lease';

describe('the lease of a segment', () => {
  const beats: number[] = [];
  const context = { heartbeat: () => beats.push(Date.now()) } as unknown as Context;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    beats.length = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is held while heartbeats are sent, each 4 s', async () => {
    await heartbeating(context, async (lease) => {
      for (let seconds = 0; seconds < 60; seconds += 1) {
        jest.advanceTimersByTime(1000);
        lease.assertHeld();
      }
    });
    expect(beats).toHaveLength(15);
  });

  it('is lost when the process stood still for over 10 s, though a heartbeat is about to follow', async () => {
    const work = heartbeating(context, async (lease) => {
      jest.setSystemTime(10_001);
      lease.assertHeld();
    });
    await expect(work).rejects.toMatchObject({ name: 'StalledError' });
    jest.advanceTimersByTime(20_000);
    expect(beats).toHaveLength(0);
  });
});
