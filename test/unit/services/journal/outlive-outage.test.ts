import { outliveOutage } from '../../../../src/services/journal/outlive-outage';

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

/** Fails with these one after the other, then answers how often it was called, and which calls knew of former ones. */
function failing(...errors: Error[]) {
  const calls: boolean[] = [];
  const work = async (isAgain: boolean): Promise<boolean[]> => {
    calls.push(isAgain);
    const error = errors[calls.length - 1];
    if (error) throw error;
    return calls;
  };
  return { work, calls };
}

const SOON = { limitMs: 60_000, everyMs: 1 };

describe('a write that outlives an outage', () => {
  test.each([
    named('MongoServerSelectionError'),
    named('MongoPoolClearedError'),
    named('MongoServerError', { code: 10_107 }),
    named('MongoBulkWriteError', { code: 64 }),
    // As the driver gives it: no code, no label.
    named('MongoBulkWriteError', { errorResponse: named('MongoServerSelectionError') }),
    named('MongoServerError', { hasErrorLabel: (label: string) => label === 'RetryableWriteError' }),
    // Of a write that had to wait for its socket.
    named('Error', { code: 'ECONNRESET', syscall: 'write' }),
    named('MongoBulkWriteError', { errorResponse: named('Error', { code: 'EPIPE', syscall: 'write' }) }),
  ])('is done again after %s until it comes through', async (error) => {
    const { work } = failing(error, error);
    expect(await outliveOutage(work, SOON)).toEqual([false, true, true]);
  });

  test.each([
    named('MongoServerError', { code: 11_000 }),
    named('MongoBulkWriteError', { code: 121, errorResponse: { code: 121, writeErrors: [{ code: 121 }] } }),
    named('MongoInvalidArgumentError'),
    named('FencedError'),
    named('TypeError'),
  ])('is rejected at once with %s, which time does not heal', async (error) => {
    const { work, calls } = failing(error);
    await expect(outliveOutage(work, SOON)).rejects.toBe(error);
    expect(calls).toEqual([false]);
  });

  test('is rejected with the last error when the outage lasts too long', async () => {
    const errors = Array.from({ length: 1000 }, (_, n) => named('MongoNetworkError', { message: `${n}` }));
    const { work, calls } = failing(...errors);
    await expect(outliveOutage(work, { limitMs: 50, everyMs: 1 })).rejects.toMatchObject({
      name: 'MongoNetworkError',
    });
    expect(calls.length).toBeGreaterThan(1);
  });
});
