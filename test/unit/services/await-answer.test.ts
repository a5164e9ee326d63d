import type { Deps } from '../../../src/services/context';
import {
  awaitAnswer,
  deliverAnswer,
  expectAnswer,
} from '../../../src/services/executions/accept/await-answer';

/** There is no store: whoever looks at the record fails. */
const deps = { env: { TENON_SYNC_ANSWER_SECONDS: 30 } } as Deps;
const answer = { statusCode: 201, contentType: 'text/plain', headers: {}, body: Buffer.from('made') };

/** The clock stands still, so nothing comes of the looks that a caller takes each second. */
beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

describe('a caller who waits for the answer of a flow', () => {
  test('has it as soon as it is pushed', async () => {
    expectAnswer('waiting', 30_000);
    const waiting = awaitAnswer(deps, 'waiting');
    deliverAnswer('waiting', answer);
    expect(await waiting).toEqual(answer);
  });

  test('has it when it was pushed before the caller began to wait', async () => {
    expectAnswer('early', 30_000);
    deliverAnswer('early', answer);
    expect(await awaitAnswer(deps, 'early')).toEqual(answer);
  });

  test('is not given the answer of another one', async () => {
    expectAnswer('one', 30_000);
    expectAnswer('two', 30_000);
    const both = Promise.all([awaitAnswer(deps, 'one'), awaitAnswer(deps, 'two')]);
    deliverAnswer('two', { ...answer, statusCode: 202 });
    deliverAnswer('one', answer);
    expect((await both).map(({ statusCode }) => statusCode)).toEqual([201, 202]);
  });
});
