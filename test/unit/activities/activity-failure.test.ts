import { ApplicationFailure } from '@temporalio/common';
import { asActivityFailure } from '../../../src/activities/activity-failure';
import { AppError } from '../../../src/errors';

async function failureOf(error: unknown): Promise<ApplicationFailure> {
  try {
    await asActivityFailure(() => Promise.reject(error));
  } catch (failure) {
    if (failure instanceof ApplicationFailure) return failure;
    throw failure;
  }
  throw new Error('It did not fail.');
}

describe('an error that leaves an activity', () => {
  it('shows its code alone: neither message nor cause, which may hold secrets', async () => {
    const cause = new Error('mongodb://user:hunter2@db');
    for (const error of [
      new AppError('dependency_unavailable', 'No hunter2.', { cause, internal: 'hunter2' }),
      new TypeError('hunter2', { cause }),
      'hunter2',
      { password: 'hunter2' },
    ]) {
      const failure = await failureOf(error);
      expect(JSON.stringify([failure.message, failure.type, failure.details, failure.stack])).not.toContain(
        'hunter2',
      );
      expect(failure.cause).toBeUndefined();
    }
  });

  it('has the code, or the error’s name, as its type', async () => {
    expect((await failureOf(new AppError('dependency_unavailable', 'Away.'))).type).toBe(
      'dependency_unavailable',
    );
    expect((await failureOf(new TypeError('x'))).type).toBe('TypeError');
    expect((await failureOf('thrown text')).type).toBe('internal');
  });

  it('is tried again, unless no further try can cure it', async () => {
    expect((await failureOf(new Error('socket closed'))).nonRetryable).toBe(false);
    expect((await failureOf(new AppError('dependency_unavailable', 'Away.'))).nonRetryable).toBe(false);
    expect((await failureOf(new AppError('not_found', 'Gone.'))).nonRetryable).toBe(true);
    expect((await failureOf(new AppError('invalid_state', 'Over.'))).nonRetryable).toBe(true);
  });

  it('lets a result pass', async () => {
    await expect(asActivityFailure(async () => 5)).resolves.toBe(5);
  });
});
